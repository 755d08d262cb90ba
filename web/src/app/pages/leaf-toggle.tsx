import { PanelRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { medium } from '../../ui/icon.ts'
import type { LeafState } from './use-leaf.ts'

export const LeafToggle = ({ leaf }: { leaf: LeafState }) => {
  const { t } = useTranslation()
  if (!leaf.open && !leaf.showFirst) return null
  const label = t(leaf.open ? 'sources.close' : 'sources.openAll')
  return (
    <button
      type="button"
      className="btn icon small"
      aria-label={label}
      title={label}
      aria-expanded={leaf.open !== null}
      onClick={leaf.open ? leaf.close : (leaf.showFirst ?? undefined)}
    >
      <PanelRight {...medium} className="turns" />
    </button>
  )
}

import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { documentQuery } from '../../features/sources/queries.ts'
import { useApi } from '../../lib/api.ts'
import { small } from '../../ui/icon.ts'

/** The one document that is asked about, with a way back to all. */
export const ScopeNote = ({ documentId, onClear }: { documentId: string; onClear: () => void }) => {
  const { t } = useTranslation()
  const { data } = useQuery(documentQuery(useApi(), documentId))
  return (
    <span className="scope">
      {t('scope.only')} <bdi className="name">{data?.title}</bdi>
      <button
        type="button"
        className="btn icon small"
        aria-label={t('scope.all')}
        title={t('scope.all')}
        onClick={onClear}
      >
        <X {...small} />
      </button>
    </span>
  )
}

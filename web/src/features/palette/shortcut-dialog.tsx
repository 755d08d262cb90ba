import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useLetters, useShortcutList } from '../../lib/shortcuts.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { small } from '../../ui/icon.ts'
import { Keys } from '../../ui/keys.tsx'
import { LettersSetting } from '../../ui/letters-setting.tsx'

/** Keys that a part of the page handles itself, and that are no letters. */
export interface FixedKey {
  keys: string
  does: 'send' | 'newLine' | 'stop' | 'openSource' | 'nextSource' | 'sourceBefore'
}

interface Props {
  fixed: readonly FixedKey[]
  onClose: () => void
}

/** The keys that do something on this page now, and how to switch those off that are letters. */
export const ShortcutDialog = ({ fixed, onClose }: Props) => {
  const { t } = useTranslation()
  const { all } = useShortcutList()
  const letters = useLetters()
  const there = [...all().filter(({ keys }) => letters.areOn || keys.startsWith('mod+')), ...fixed]
  return (
    <Dialog className="shortcuts" label={t('shortcuts.title')} onClose={onClose}>
      <header>
        <h2>{t('shortcuts.title')}</h2>
        <button type="button" className="btn icon small" aria-label={t('action.close')} onClick={onClose}>
          <X {...small} />
        </button>
      </header>
      <dl>
        {there.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <Keys keys={keys} />
            </dt>
            <dd>{t(`shortcuts.${does}`)}</dd>
          </div>
        ))}
      </dl>
      <LettersSetting />
    </Dialog>
  )
}

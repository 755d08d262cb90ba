import { useTranslation } from 'react-i18next'
import { useLetters } from '../lib/shortcuts.tsx'

/** Keys that are letters on or off, at this browser. */
export const LettersSetting = () => {
  const { t } = useTranslation()
  const { areOn, set } = useLetters()
  return (
    <label className="check">
      <input type="checkbox" checked={areOn} onChange={(event) => set(event.target.checked)} />
      <span>{t('shortcuts.letters')}</span>
    </label>
  )
}

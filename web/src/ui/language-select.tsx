import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { isLanguage, languages, switchLanguage } from '../lib/i18n/index.ts'

export const LanguageSelect = () => {
  const { t, i18n } = useTranslation()
  const id = useId()
  const choose = (code: string): void => {
    if (isLanguage(code)) void switchLanguage(i18n, code)
  }
  return (
    <span className="language">
      <label className="sr" htmlFor={id}>
        {t('language.label')}
      </label>
      <select id={id} className="input" value={i18n.language} onChange={(event) => choose(event.target.value)}>
        {Object.entries(languages).map(([code, { name }]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </span>
  )
}

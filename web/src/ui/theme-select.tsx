import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseTheme, isTheme, readTheme, themes } from '../lib/theme.ts'

/** How the page looks at this browser. */
export const ThemeSelect = () => {
  const { t } = useTranslation()
  const id = useId()
  const [theme, setTheme] = useState(readTheme)
  const choose = (name: string): void => {
    if (!isTheme(name)) return
    setTheme(name)
    chooseTheme(name)
  }
  return (
    <>
      <label className="sr" htmlFor={id}>
        {t('theme.label')}
      </label>
      <select id={id} className="input" value={theme} onChange={(event) => choose(event.target.value)}>
        {themes.map((name) => (
          <option key={name} value={name}>
            {t(`theme.${name}`)}
          </option>
        ))}
      </select>
    </>
  )
}

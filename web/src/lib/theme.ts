/** How the page looks: as the system does, or as this person has chosen at this browser. */
import { readStored, store } from './stored.ts'

export const themes = ['system', 'light', 'dark', 'contrast', 'contrast-dark'] as const
export type Theme = (typeof themes)[number]

const key = 'lyceum.theme'

export const isTheme = (name: string | null): name is Theme => themes.some((theme) => theme === name)

export const readTheme = (): Theme => {
  const stored = readStored(key)
  return isTheme(stored) ? stored : 'system'
}

const wantsContrast = (): MediaQueryList => matchMedia('(prefers-contrast: more)')

/**
 * The style sheet knows light and dark by `data-theme` (else the system's), high contrast by `data-contrast`, so that
 * each colour of it stands once.
 */
export const showTheme = (theme: Theme): void => {
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme.endsWith('dark') ? 'dark' : 'light'
  const isContrast = theme === 'system' ? wantsContrast().matches : theme.startsWith('contrast')
  if (isContrast) dataset.contrast = 'more'
  else delete dataset.contrast
}

export const chooseTheme = (theme: Theme): void => {
  store(key, theme === 'system' ? '' : theme)
  showTheme(theme)
}

/** The system's wish may change while the page is open. */
export const followSystem = (): void => wantsContrast().addEventListener('change', () => showTheme(readTheme()))

/** The languages of the interface, each by its own name. */
export const languages = {
  en: { name: 'English', dir: 'ltr' },
  de: { name: 'Deutsch', dir: 'ltr' },
  ar: { name: 'العربية', dir: 'rtl' },
  id: { name: 'Bahasa Indonesia', dir: 'ltr' },
} as const

/** Where the chosen one is kept. */
export const languageKey = 'lyceum.language'

export type InterfaceLanguage = keyof typeof languages

export const isLanguage = (code: string): code is InterfaceLanguage => Object.hasOwn(languages, code)

/** The one chosen before, else the first of the browser's languages that there is. */
export const pickLanguage = (chosen: string | null, wished: readonly string[]): InterfaceLanguage => {
  if (chosen && isLanguage(chosen)) return chosen
  // `in` is what browsers of some years ago call Indonesian.
  const codes = wished.map((tag) => tag.toLowerCase().split('-')[0] ?? '').map((code) => (code === 'in' ? 'id' : code))
  return codes.find(isLanguage) ?? 'en'
}

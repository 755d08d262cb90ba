/** Texts of the interface: one catalogue a language, loaded when it is used. */
import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { formatNumber } from '../format.ts'
import { readStored, store } from '../stored.ts'
import type en from './en.json'
import { type InterfaceLanguage, languageKey, pickLanguage } from './languages.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

const load = {
  en: () => import('./en.json'),
  de: () => import('./de.json'),
  ar: () => import('./ar.json'),
  id: () => import('./id.json'),
}

export const startTranslations = async (): Promise<i18n> => {
  const translations = i18next.createInstance()
  translations.on('languageChanged', (language) => {
    document.documentElement.lang = language
    document.documentElement.dir = translations.dir(language)
  })
  await translations.use(initReactI18next).init({
    resources: {},
    fallbackLng: false,
    // React escapes what it shows; what is left is that a name keeps its direction to itself.
    interpolation: { escapeValue: true, escape: isolate(translations), useRawValueToEscape: true },
  })
  await showIn(translations, pickLanguage(readStored(languageKey), navigator.languages))
  return translations
}

/**
 * A number is written as the language does. A name stands between two marks, so that its direction does not touch its
 * neighbours; also where there is no `<bdi>`, as in a label.
 */
const isolate =
  (translations: i18n) =>
  (value: unknown): string => {
    if (typeof value === 'number') return formatNumber(translations.language, value)
    const text = String(value ?? '')
    return /^\d*$/.test(text) ? text : `\u2068${text}\u2069`
  }

const showIn = async (translations: i18n, language: InterfaceLanguage): Promise<void> => {
  const catalogue = await load[language]()
  translations.addResourceBundle(language, 'translation', catalogue.default)
  await translations.changeLanguage(language)
}

export const switchLanguage = async (translations: i18n, language: InterfaceLanguage): Promise<void> => {
  store(languageKey, language)
  await showIn(translations, language)
}

export { type InterfaceLanguage, isLanguage, languages } from './languages.ts'

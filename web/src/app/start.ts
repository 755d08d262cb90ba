/**
 * Runs before anything is drawn, as a script of its own that waits for nothing: language and direction, the chosen
 * look, and the two faces that the first page is set in, which would else be found only once it is drawn.
 */
import interfaceFace from '@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2?url'
import readingFace from '@fontsource-variable/literata/files/literata-latin-wght-normal.woff2?url'
import arabicReadingFace from '@fontsource-variable/noto-naskh-arabic/files/noto-naskh-arabic-arabic-wght-normal.woff2?url'
import arabicInterfaceFace from '@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2?url'
import { languageKey, languages, pickLanguage } from '../lib/i18n/languages.ts'
import { readStored } from '../lib/stored.ts'
import { followSystem, readTheme, showTheme } from '../lib/theme.ts'

const language = pickLanguage(readStored(languageKey), navigator.languages)
document.documentElement.lang = language
document.documentElement.dir = languages[language].dir

const faces = language === 'ar' ? [arabicInterfaceFace, arabicReadingFace] : [interfaceFace, readingFace]
for (const href of faces) {
  const link = document.createElement('link')
  Object.assign(link, { rel: 'preload', as: 'font', type: 'font/woff2', crossOrigin: 'anonymous', href })
  document.head.append(link)
}

showTheme(readTheme())
followSystem()

import type { Language } from './language.ts'
import { languages } from './language.ts'
import { stopWords } from './stop-words.ts'
import { tokenize } from './tokens.ts'

/** A guess needs no more than a page's beginning. */
const sampleLength = 4_000

/** Frequent words that are not in the stop lists but tell the languages apart. */
const telling: Record<Exclude<Language, 'ar'>, ReadonlySet<string>> = {
  en: new Set('can could you your they there not but name explain list between many much would than'.split(' ')),
  de: new Set('ich du ihr wir nicht kann man gibt nenne erklare zwischen viele auch uber noch mehr unter'.split(' ')),
  id: new Set('tidak bisa saya anda adakah jelaskan sebutkan antara akan telah oleh tersebut bahasa tahun'.split(' ')),
}

const arabicLetter = /\p{Script=Arabic}/gu
const letter = /\p{L}/gu
const germanLetter = /[äöüß]/i

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

const latin = (sample: string): Language | null => {
  const words = tokenize(sample).map(({ word }) => word)
  let best: Language | null = null
  let most = 0
  for (const language of languages) {
    if (language === 'ar') continue
    const known = words.filter((word) => stopWords(language).has(word) || telling[language].has(word)).length
    const score = known + (language === 'de' && germanLetter.test(sample) ? 0.5 : 0)
    if (score > most) {
      best = language
      most = score
    }
  }
  return best
}

/** The language a text is written in, from its script and its most frequent words; null when nothing speaks for any. */
export const guessLanguage = (text: string): Language | null => {
  const sample = text.slice(0, sampleLength).normalize('NFC')
  const arabic = count(sample, arabicLetter)
  if (arabic > 0 && arabic * 2 >= count(sample, letter)) return 'ar'
  return latin(sample)
}

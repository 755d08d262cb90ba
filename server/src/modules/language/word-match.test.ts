import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Language } from './language.ts'
import { createStemmer } from './stem.ts'
import { isNumber } from './tokens.ts'
import { createMatcher } from './word-match.ts'

const trigrams = (word: string): Set<string> =>
  new Set(Array.from({ length: word.length }, (_, at) => `_${word}_`.slice(at, at + 3)))

/** The match of two words as it is defined, both stemmed, every pair compared. */
const naive = (a: string, b: string, language: Language | null): number => {
  const stem = createStemmer(language)
  if (a === b) return 1
  if (isNumber(a) || isNumber(b)) return 0
  if (stem(a) === stem(b)) return 0.95
  const [left, right] = [trigrams(a), trigrams(b)]
  const common = left.intersection(right).size
  const dice = (2 * common) / (left.size + right.size)
  if (dice >= 0.5) return 0.9 * dice
  return a.length >= 5 && b.length >= 5 && common / Math.min(left.size, right.size) >= 0.7 ? 0.5 : 0
}

const words: Record<Language, string[]> = {
  en: ['divide', 'divides', 'division', 'cell', 'cells', 'cellular', '1990', '1991', 'co2', 'a', 'banana', 'bananas'],
  de: ['zelle', 'zellen', 'zellteilung', 'teilung', 'teilt', 'haus', 'hauser', 'hausdach', '12', 'dach'],
  ar: ['كتاب', 'الكتاب', 'كتب', 'مكتبه', 'والكتاب', 'مدرسه', 'المدارس', 'درس', '7'],
  id: ['makan', 'makanan', 'memakan', 'dimakan', 'ajar', 'belajar', 'pelajaran', 'mengajar', '3'],
}

test('a matcher agrees with the definition, word by word, in four languages and in none', () => {
  for (const language of ['en', 'de', 'ar', 'id', null] as const) {
    const any = fc.constantFrom(...words[language ?? 'en'])
    fc.assert(
      fc.property(fc.uniqueArray(any, { maxLength: 6 }), fc.array(any, { maxLength: 8 }), (wanted, read) => {
        const match = createMatcher(wanted, language)
        for (const word of read) {
          assert.deepEqual(
            match(word),
            wanted.map((it) => naive(it, word, language)),
          )
        }
      }),
    )
  }
})

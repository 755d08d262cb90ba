import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Language } from '#modules/language'
import { readWords } from './claim-words.ts'

const valuesOf = (text: string, language: Language): number[] =>
  readWords(text, language).flatMap(({ value }) => value ?? [])

const same: [value: number, Record<string, string[]>][] = [
  [1_234, { en: ['1,234', '1.234', '1 234', '1234', '١٬٢٣٤'], de: ['1.234', '1234'] }],
  [3.5, { en: ['3.5', '3,5'], ar: ['٣٫٥', '3.5'] }],
  [1_234.5, { en: ['1,234.5', '1.234,5'] }],
  [
    2_500_000,
    { en: ['2.5 million', '2,500,000'], de: ['2,5 Millionen', '2,5 Mio.'], ar: ['2.5 مليون'], id: ['2,5 juta'] },
  ],
  [
    25,
    { en: ['twenty-five', 'twenty five'], de: ['fünfundzwanzig'], ar: ['خمسة وعشرون', '٢٥'], id: ['dua puluh lima'] },
  ],
  [105, { en: ['one hundred and five'], de: ['hundertfünf'], id: ['seratus lima'] }],
  [15, { en: ['fifteen'], de: ['fünfzehn', 'fünfzehnte'], ar: ['خمسة عشر'], id: ['lima belas'] }],
  [3_000, { en: ['three thousand'], de: ['dreitausend'], ar: ['ثلاثة آلاف'], id: ['tiga ribu'] }],
  [3, { en: ['third', '3rd', 'three'], de: ['dritten', 'drei'], ar: ['الثالث', 'ثلاثة'], id: ['ketiga', 'tiga'] }],
  [-5, { en: ['-5', '−5'] }],
]

test('a number has one value in all notations', () => {
  for (const [value, byLanguage] of same) {
    for (const [language, writings] of Object.entries(byLanguage) as [Language, string[]][]) {
      for (const written of writings) assert.deepEqual(valuesOf(written, language), [value], `${language}: ${written}`)
    }
  }
})

test('numbers side by side stay apart', () => {
  assert.deepEqual(valuesOf('two three', 'en'), [2, 3])
  assert.deepEqual(valuesOf('4 and 5', 'en'), [4, 5])
  assert.deepEqual(valuesOf('in 1990 200 people', 'en'), [1_990, 200])
})

test('words that only look like numbers are none', () => {
  assert.deepEqual(valuesOf('ein Haus, ein Mann', 'de'), [])
  assert.deepEqual(valuesOf('a house', 'en'), [])
})

test('a date is one word in all notations', () => {
  const keys = (text: string, language: Language): string[] =>
    readWords(text, language).flatMap(({ key, date }) => (date ? [key] : []))
  const expected = keys('1628-04-12', 'en')
  assert.equal(expected.length, 1)
  for (const [written, language] of [
    ['12 April 1628', 'en'],
    ['April 12, 1628', 'en'],
    ['12. April 1628', 'de'],
    ['12.04.1628', 'de'],
    ['12 أبريل ١٦٢٨', 'ar'],
    ['12 April 1628', 'id'],
  ] as const) {
    assert.deepEqual(keys(written, language), expected, written)
  }
  assert.deepEqual(keys('you may go and march', 'en'), [])
})

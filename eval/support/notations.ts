/** Numbers in the ways people write them. */
import type { Language } from '../../server/src/modules/language/index.ts'

export const digits = /(?<![\p{L}\p{Nd}.,/-])\p{Nd}+(?:[.,]\p{Nd}+)*(?![\p{L}\p{Nd}/-]|[.,]\p{Nd})/gu
export const year = /^(?:1[0-9]|20)\d\d$/

const arabicIndic = '٠١٢٣٤٥٦٧٨٩'
export const toArabicDigits = (text: string): string =>
  text.replace(/\d/g, (digit) => arabicIndic[Number(digit)] ?? digit)
export const toLatinDigits = (text: string): string =>
  text.replace(/[٠-٩]/g, (digit) => String(arabicIndic.indexOf(digit)))

const words: Record<Language, string[]> = {
  en: 'two three four five six seven eight nine ten eleven twelve'.split(' '),
  de: 'zwei drei vier fünf sechs sieben acht neun zehn elf zwölf'.split(' '),
  ar: 'اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة'.split(' '),
  id: 'dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas'.split(' '),
}

/** The value of a small number word; null for other words. */
export const wordValue = (word: string, language: Language): number | null => {
  const at = words[language].indexOf(word.toLowerCase())
  return at < 0 ? null : at + 2
}
export const valueWord = (value: number, language: Language): string | null =>
  Number.isInteger(value) ? (words[language][value - 2] ?? null) : null

const millions: Record<Language, string[]> = {
  en: ['million'],
  de: ['Millionen', 'Mio.'],
  ar: ['مليون'],
  id: ['juta'],
}
export const millionWords = (language: Language): string[] => millions[language]

/** 1234567 as `1,234,567`, with the mark that is given. */
export const grouped = (value: number, mark: string): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, mark)

/** A written number's value; null where notations differ on it. */
export const plainValue = (written: string): number | null => {
  const latin = toLatinDigits(written)
  if (/^\d+$/.test(latin)) return Number(latin)
  if (/^[1-9]\d{0,2}(?:[.,]\d{3})+$/.test(latin)) return Number(latin.replace(/[.,]/g, ''))
  return /^\d+[.,]\d{1,2}$/.test(latin) ? Number(latin.replace(',', '.')) : null
}

const integerNotations = (value: number, language: Language): string[] => {
  if (!Number.isInteger(value) || value < 2_101) return []
  const isRound = value % 100_000 === 0 && value > 1_000_000
  const scaled = isRound ? millionWords(language).map((word) => `${value / 1_000_000} ${word}`) : []
  return [...['', ',', '.', '\u00a0', '\u202f'].map((mark) => grouped(value, mark)), ...scaled]
}

/** The same value written otherwise. */
export const otherNotations = (written: string, language: Language): string[] => {
  const value = plainValue(written)
  if (value === null) return []
  const plain = String(value)
  const found = [
    ...integerNotations(value, language),
    ...(Number.isInteger(value) ? [] : [plain, plain.replace('.', ',')]),
    valueWord(value, language) ?? written,
    ...(language === 'ar' ? [toArabicDigits(plain), plain] : []),
  ]
  return [...new Set(found)].filter((it) => it !== written)
}

import { isNumber, type Language } from '#modules/language'
import { type NumberWord, numberWord } from './number-words.ts'

const grouped = /^[1-9]\d{0,2}(?:[.,]\d{3})+$/
/** Both marks: the last one is the decimal mark. */
const mixed = /^\d{1,3}(?:([.,])\d{3})+(?!\1)[.,]\d+$/

/**
 * A written number's value: `1,234` and `1.234` are 1234, `3,5` and `3.5` are one. Three digits behind a mark are
 * taken for thousands in every language, as people write both ways; null for what is no number (`1.2.3`).
 */
export const numberValue = (word: string): number | null => {
  if (grouped.test(word)) return Number(word.replace(/[.,]/g, ''))
  if (mixed.test(word))
    return Number(`${word.slice(0, -1 - lastMark(word)).replace(/[.,]/g, '')}.${word.slice(-lastMark(word))}`)
  const value = Number(word.replace(',', '.'))
  return Number.isNaN(value) ? null : value
}

/** How many digits stand behind the last mark. */
const lastMark = (word: string): number => word.length - 1 - Math.max(word.lastIndexOf('.'), word.lastIndexOf(','))

export interface NumberToken {
  word: string
  /** What stands in the text between the token before and this one. */
  gap: string
}

export interface ParsedNumber {
  value: number
  /** How many tokens it takes. */
  length: number
  /** `third` and not `three`; digits may be read as both. */
  isRank: boolean
}

const thousandsGap = /^[ \u00a0\u2009\u202f'’]$/
const threeDigits = /^\d{3}$/
const ordinalEnds = new Set(['st', 'nd', 'rd', 'th'])
const wordGap = /^[\s\u00ad\-‑]*$/

const groupable = /^[1-9]\d{0,2}$/

/** `100 000`: how many groups of three digits follow. */
const groupsBehind = (tokens: readonly NumberToken[], at: number): number => {
  if (!groupable.test(tokens[at]?.word ?? '')) return 0
  const rest = tokens.slice(at + 1, at + 5)
  const end = rest.findIndex(({ word, gap }) => !threeDigits.test(word) || !thousandsGap.test(gap))
  return end < 0 ? rest.length : end
}

/** Digits with what belongs to them: `100 000`, `3rd`. */
const readDigits = (tokens: readonly NumberToken[], at: number): ParsedNumber | null => {
  const length = 1 + groupsBehind(tokens, at)
  const words = tokens.slice(at, at + length).map(({ word }) => word)
  const value = numberValue(words.join(''))
  if (value === null) return null
  const end = tokens[at + length]
  const isOrdinal = end?.gap === '' && ordinalEnds.has(end.word)
  return { value, length: isOrdinal ? length + 1 : length, isRank: isOrdinal }
}

interface Sum {
  /** Thousands and more that are complete. */
  total: number
  /** What the next multiplier multiplies. */
  current: number
}

/** Whether a word goes on with a number: `twenty five`, `fünf` behind a hundred, Arabic `خمسة وعشرون`. */
const fits = ({ total, current }: Sum, value: number, isJoined: boolean): boolean => {
  const ones = current % 100
  if (ones >= 20) return ones % 10 === 0 && value < 10
  if (ones > 0) return isJoined && ones < 10 && value >= 20 && value < 100
  return current > 0 ? value < 100 : total >= 1_000 && value < 1_000
}

/** Adds a word to a number; null when it does not continue it (`two three` are two numbers). */
const addWord = (sum: Sum, { value, role }: NumberWord, isJoined: boolean): Sum | null => {
  const { total, current } = sum
  if (role === 'times') {
    const product = (current === 0 ? 1 : current) * value
    return value >= 1_000 ? { total: total + product, current: 0 } : { total, current: product }
  }
  const ones = current % 100
  const isTeen = role === 'teen' && ones > 0 && ones < 10
  const isFit = role === 'add' && Number.isInteger(value) && value > 0 && fits(sum, value, isJoined)
  return isTeen || isFit ? { total, current: current + value } : null
}

const opening = (tokens: readonly NumberToken[], at: number, language: Language | null): ParsedNumber | null => {
  const word = tokens[at]?.word ?? ''
  if (isNumber(word)) return readDigits(tokens, at)
  const first = numberWord(word, language)
  return first && first.role !== 'teen' ? { value: first.value, length: 1, isRank: first.isRank === true } : null
}

/** The token that goes on, or the one after an "and" in between (`one hundred and five`). */
const continuation = (
  tokens: readonly NumberToken[],
  at: number,
  language: Language | null,
): { word: NumberWord; length: number; isJoined: boolean } | null => {
  const next = tokens[at]
  if (!next || !wordGap.test(next.gap)) return null
  const word = numberWord(next.word, language)
  if (word) return { word, length: 1, isJoined: language === 'ar' && next.word.startsWith('و') }
  const after = tokens[at + 1]
  if (language !== 'en' || next.word !== 'and' || !after) return null
  const behind = numberWord(after.word, language)
  return behind && behind.role === 'add' ? { word: behind, length: 2, isJoined: true } : null
}

const isMultiplier = (word: NumberWord | null): boolean => word?.role === 'times'

/** Digits take multipliers alone (`3.5 million`), words also other words. */
const extend = (
  tokens: readonly NumberToken[],
  at: number,
  sum: Sum,
  { language, isDigits }: { language: Language | null; isDigits: boolean },
): { sum: Sum; length: number; isRank: boolean } | null => {
  const next = continuation(tokens, at, language)
  if (!next || (isDigits && !isMultiplier(next.word))) return null
  if (next.length === 2 && sum.current % 100 !== 0) return null
  const more = addWord(sum, next.word, next.isJoined)
  return more && { sum: more, length: next.length, isRank: next.word.isRank === true }
}

/**
 * The number that begins at a token, in digits or words, with its multiplier (`3.5 million`, `zwei Mio.`,
 * `خمسة وعشرون`); null when none begins there. Ordinals are numbers, too.
 */
export const readNumber = (
  tokens: readonly NumberToken[],
  at: number,
  language: Language | null,
): ParsedNumber | null => {
  const first = opening(tokens, at, language)
  if (!first) return null
  const word = tokens[at]?.word ?? ''
  const isDigits = isNumber(word)
  const isThousands = !isDigits && isMultiplier(numberWord(word, language)) && first.value >= 1_000
  let sum: Sum = isThousands ? { total: first.value, current: 0 } : { total: 0, current: first.value }
  let { length, isRank } = first
  for (;;) {
    const more = extend(tokens, at + length, sum, { language, isDigits })
    if (!more) return { value: sum.total + sum.current, length, isRank }
    sum = more.sum
    length += more.length
    isRank ||= more.isRank
  }
}

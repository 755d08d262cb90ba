import { fold, isNumber, type Language, type Token, tokenize } from '#modules/language'
import { keyOf } from './claim-vocabulary.ts'
import { type DateParts, dateAround, dottedDate, isoDate, isYear, monthOf, saysDate } from './dates.ts'
import { measureOf } from './measures.ts'
import { readNumber } from './numbers.ts'

/** A word, number, date or sign of a text, as claims are compared by: `text.slice(start, end)`. */
export interface ClaimWord {
  /** The folded word, or one name for all spellings of a number, date or unit. */
  key: string
  start: number
  end: number
  /** What stands between the word before and this one. */
  gap: string
  isCapital: boolean
  value: number | null
  date: DateParts | null
}

/** Signs that carry meaning; marks of layout (`*`, `#`, `|`) do not. */
const sign = /[\p{Sm}\p{Sc}\p{No}\p{Nl}%‰°]/gu
const layout = new Set(['|', '~'])
const capital = /^\p{Lu}/u
const minus = /(?:^|[\s(])[-−]$/u

const signsIn = (text: string, from: number, to: number): Token[] => {
  if (to - from < 1) return []
  return [...text.slice(from, to).matchAll(sign)]
    .filter(([written]) => !layout.has(written))
    .map(({ 0: written, index }) => ({ word: written, start: from + index, end: from + index + written.length }))
}

/** A minus in front of a number belongs to it. */
const isMinus = (text: string, { word, start, end }: Token): boolean =>
  word === '−' && /^\p{Nd}/u.test(text.slice(end, end + 1)) && minus.test(text.slice(Math.max(0, start - 1), end))

const withSigns = (text: string): Token[] => {
  const all: Token[] = []
  let last = 0
  for (const token of tokenize(text)) {
    all.push(...signsIn(text, last, token.start).filter((it) => !isMinus(text, it)), token)
    last = token.end
  }
  return [...all, ...signsIn(text, last, text.length)]
}

const readWord = (text: string, token: Token, gap: string, language: Language | null): ClaimWord => {
  const { word, start, end } = token
  const date = dottedDate(word)
  const isCapital = capital.test(text.slice(start, start + 2))
  if (date) return { key: keyOfDate(date), start, end, gap, isCapital, value: null, date }
  const key = measureOf(word) ?? (language === 'de' ? keyOf(text.slice(start, end), language) : word)
  return { key, start, end, gap, isCapital, value: null, date: null }
}

const keyOfDate = ({ day, month, year }: DateParts): string => `date ${year ?? ''}-${month ?? ''}-${day ?? ''}`

const keyOfNumber = (value: number, isRank: boolean, isDigits: boolean): string =>
  `${isRank ? 'rank' : isDigits ? 'digits' : 'count'} ${value}`

/** Numbers become one word each, whatever their notation. */
const withNumbers = (text: string, language: Language | null): ClaimWord[] => {
  const tokens = withSigns(text).map((token, at, all) => ({
    ...token,
    gap: text.slice(at === 0 ? 0 : (all[at - 1]?.end ?? 0), token.start),
  }))
  const words: ClaimWord[] = []
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at]
    if (!token) break
    const number = readNumber(tokens, at, language)
    const word = readWord(text, token, token.gap, language)
    if (number) {
      const value = minus.test(text.slice(Math.max(0, token.start - 2), token.start)) ? -number.value : number.value
      words.push({
        ...word,
        key: keyOfNumber(value, number.isRank, isNumber(token.word)),
        end: tokens[at + number.length - 1]?.end ?? token.end,
        value,
      })
    } else words.push(word)
    at += number?.length ?? 1
  }
  return words
}

const isDigits = (text: string, word: ClaimWord | undefined): word is ClaimWord & { value: number } =>
  word?.value != null && digit.test(text.slice(word.start, word.end))

const digit = /^\p{Nd}/u
const beside = /^[\s.,]*$/

const isoAt = (text: string, words: readonly ClaimWord[], at: number): ClaimWord | null => {
  const three = words.slice(at, at + 3)
  const [first, second, third] = three
  if (!first || !second || !third || !three.every((word) => isDigits(text, word))) return null
  const values = three.map(({ value }) => Math.abs(value ?? 0))
  const date = isoDate(values, [second.gap, third.gap])
  return date && { ...first, key: keyOfDate(date), end: third.end, value: null, date }
}

const monthOrNull = (text: string, words: readonly ClaimWord[], at: number): number | null => {
  const [word, before, after] = [words[at], words[at - 1], words[at + 1]]
  if (!word || word.value !== null || word.date) return null
  const hasNumber =
    (isDigits(text, before) && beside.test(word.gap)) || (isDigits(text, after) && beside.test(after.gap))
  return monthOf(fold(word.key), { before: before?.key ?? '', hasNumber, isCapital: word.isCapital })
}

/** A month with the numbers beside it; `last` is the word before, when it has not been taken by another date. */
const monthAt = (
  text: string,
  words: readonly ClaimWord[],
  at: number,
  last: ClaimWord | undefined,
): { date: ClaimWord; takesBefore: boolean; takesAfter: number } | null => {
  const [word, next, nextButOne] = words.slice(at, at + 3)
  const month = monthOrNull(text, words, at)
  if (!word || month === null) return null
  const day = isDigits(text, last) && beside.test(word.gap) ? last.value : null
  const isFirst = isDigits(text, next) && beside.test(next.gap)
  const isSecond = isFirst && isDigits(text, nextButOne) && beside.test(nextButOne.gap)
  const after = [...(isFirst ? [next.value] : []), ...(isSecond ? [nextButOne.value] : [])]
  const { parts, takesBefore, takesAfter } = dateAround(month, day, after)
  const first = takesBefore ? (last ?? word) : word
  const end = words[at + takesAfter]?.end ?? word.end
  return { date: { ...first, key: keyOfDate(parts), end, value: null, date: parts }, takesBefore, takesAfter }
}

/** Dates become one word each. */
const withDates = (text: string, words: readonly ClaimWord[]): ClaimWord[] => {
  const dated: ClaimWord[] = []
  for (let at = 0; at < words.length; at += 1) {
    const iso = isoAt(text, words, at)
    const month = iso ? null : monthAt(text, words, at, dated.at(-1))
    if (month?.takesBefore) dated.pop()
    const word = iso ?? month?.date ?? words[at]
    if (word) dated.push(word)
    at += iso ? 2 : (month?.takesAfter ?? 0)
  }
  return dated
}

/** The words of a text in reading order, numbers and dates by their value. */
export const readWords = (text: string, language: Language | null): ClaimWord[] =>
  withDates(text, withNumbers(text, language))

const lightEndings: Record<Language, { least: number; endings: readonly string[] }> = {
  en: { least: 4, endings: ['s'] },
  de: { least: 5, endings: ['e', 'n', 'en', 's', 'es'] },
  ar: { least: 99, endings: [] },
  id: { least: 99, endings: [] },
}

const isInflected = (longer: string, shorter: string, language: Language | null): boolean => {
  const { least, endings } = lightEndings[language ?? 'ar']
  return shorter.length >= least && longer.startsWith(shorter) && endings.includes(longer.slice(shorter.length))
}

/**
 * Whether the page's word says what the claim's does: the same word, number or date, or another ending that
 * changes no meaning. The date of the claim may be less exact.
 */
export const saysSame = (claim: ClaimWord, page: ClaimWord, language: Language | null): boolean => {
  if (claim.key === page.key) return true
  if (claim.date && page.date) return saysDate(page.date, claim.date)
  if (page.date && claim.value !== null) return isYear(claim.value) && claim.value === page.date.year
  if (claim.value !== null && claim.value === page.value)
    return claim.key.startsWith('digits') || page.key.startsWith('digits')
  if (claim.value !== null || page.value !== null || claim.isCapital || claim.date || page.date) return false
  const [longer, shorter] = claim.key.length > page.key.length ? [claim, page] : [page, claim]
  return isInflected(longer.key, shorter.key, language)
}

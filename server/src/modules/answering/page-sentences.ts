import { guessLanguage, type Language, type Range, splitSentences } from '#modules/language'
import { type ClaimWord, readWords } from './claim-words.ts'

/** A run of a page that a claim is held against: `pageText.slice(start, end)`, in UTF-16 offsets. */
export interface Evidence {
  /** The number under which the answer cites it. */
  n: number
  pageText: string
  start: number
  end: number
  language?: Language | null
}

/** A sentence of a page that evidence touches; `start` and `end` are the page's offsets of the whole sentence. */
export interface PageSentence {
  n: number
  start: number
  end: number
  text: string
  words: ClaimWord[]
  language: Language | null
  /** The evidence holds all of it: one that is cut may have lost the words that turn it round. */
  isWhole: boolean
  isQuestion: boolean
  /** The sentence before it in the same evidence. */
  before: PageSentence | null
}

/** So much of the page on either side decides where sentences begin and end; pages may be megabytes long. */
const neighbourhood = 1_000

const asks = /[?؟]["'”’»)\]]{0,3}$/

/** Whether the evidence names a run of its page. */
export const isOnPage = ({ pageText, start, end }: Evidence): boolean =>
  Number.isInteger(start) &&
  Number.isInteger(end) &&
  start >= 0 &&
  end <= pageText.length &&
  pageText.slice(start, end).trim() !== ''

const touching = (ranges: readonly Range[], start: number, end: number): Range[] =>
  ranges.filter((it) => it.end > start && it.start < end)

/**
 * The evidence was cut under some language, which may have been guessed from more text than is known here: the
 * first under which it is made of whole sentences will do.
 */
const splitWindow = (window: string, start: number, end: number, guesses: Iterable<Language | null>): Range[] => {
  let first: Range[] | null = null
  const tried = new Set<Language | null>()
  for (const guess of guesses) {
    if (tried.has(guess)) continue
    tried.add(guess)
    const ranges = touching(splitSentences(window, guess), start, end)
    if (ranges[0]?.start === start && ranges.at(-1)?.end === end) return ranges
    first ??= ranges
  }
  return first ?? []
}

/** The window itself is seldom looked at: only where what is known does not fit. */
const guessesOf = function* (window: string, known: readonly (Language | null)[]): Generator<Language | null> {
  yield* known
  yield guessLanguage(window)
  yield null
}

/** By the same evidence, as each sentence of an answer is held against it. */
const alreadyRead = new WeakMap<Evidence, Map<Language | null, PageSentence[]>>()

/** @param fallback the language when the evidence does not name its own */
export const readSentences = (evidence: Evidence, fallback: Language | null): PageSentence[] => {
  const known = alreadyRead.get(evidence) ?? new Map<Language | null, PageSentence[]>()
  const sentences = known.get(fallback) ?? cutSentences(evidence, fallback)
  alreadyRead.set(evidence, known.set(fallback, sentences))
  return sentences
}

const cutSentences = (evidence: Evidence, fallback: Language | null): PageSentence[] => {
  const { n, pageText } = evidence
  const quote = pageText.slice(evidence.start, evidence.end)
  const start = evidence.start + quote.length - quote.trimStart().length
  const end = start + quote.trim().length
  const from = Math.max(0, start - neighbourhood)
  const window = pageText.slice(from, Math.min(pageText.length, end + neighbourhood))
  const language = evidence.language ?? guessLanguage(quote) ?? fallback
  let before: PageSentence | null = null
  return splitWindow(window, start - from, end - from, guessesOf(window, [language, fallback])).map((range) => {
    const text = window.slice(range.start, range.end)
    const words = readWords(text, language)
    const isWhole = range.start >= start - from && range.end <= end - from
    const place = { n, start: range.start + from, end: range.end + from }
    before = { ...place, text, words, language, isWhole, isQuestion: asks.test(text), before }
    return before
  })
}

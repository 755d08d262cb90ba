/**
 * Sentences without some of their clauses, with an ellipsis where one was left out: what `derive.ts` vouches for, so
 * that the claim check does, and in what reads well.
 */
import type { Language } from '#modules/language'
import { articles, binding, complementizers, joiners, openings } from './claim-vocabulary.ts'
import { type ClaimWord, readWords } from './claim-words.ts'
import { droppable, isRelative } from './derive.ts'
import { leaningWords } from './vocabulary.ts'

export interface Shortening {
  /** The sentence's own words, an ellipsis for each run that was left out. */
  text: string
  /** What white space parts, an ellipsis too. */
  words: number
  /** What the runs that are left are worth, from 0 to 1. */
  worth: number
}

export interface ToShorten {
  text: string
  language: Language | null
  /** What a run of the sentence is worth to the reader; the whole sentence 1. */
  worthOf: (start: number, end: number) => number
}

/** A shorter run saves next to nothing, as its ellipsis takes room too. */
const leastDropped = 4
/** Longer sentences are tables and lists without a full stop. */
const longest = 250

export const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0

const brackets = /[()[\]{}]/g
const quotes = /[“”„«»"]/g
const closing = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
])

/** Whether a run takes no bracket or quotation mark away from what is left. */
const isBalanced = (run: string): boolean => {
  const open: string[] = []
  for (const [sign] of run.matchAll(brackets)) {
    const opening = closing.get(sign)
    if (opening === undefined) open.push(sign)
    else if (open.pop() !== opening) return false
  }
  return open.length === 0 && [...run.matchAll(quotes)].length % 2 === 0
}

interface Run {
  from: number
  to: number
}

const conjoined = /^و(?=\p{L}{2})/u

/** Whether what stands behind an opening that was left out says by itself who did it: not "... and fell", "... he fell". */
const standsAlone = (words: readonly ClaimWord[], at: number, language: Language | null): boolean => {
  const word = words[at]
  if (!word || language === null) return false
  if (joiners(language).has(word.key) || leaningWords[language].has(word.key)) return false
  if (language === 'ar') return !conjoined.test(word.key)
  return language === 'de' || language === 'id' || word.isCapital || articles(language).has(word.key)
}

/** What stands before an aside and behind it. */
const asideMarks: readonly [RegExp, RegExp][] = [
  [/\(/, /\)/],
  [/\[/, /\]/],
  [/[–—]/, /[–—]/],
]
const mark = /[,;:،؛]/
/** What parts a clause from the one before; what stands in brackets belongs to the words before them. */
const parting = /^[^()[\]]*[,;:،؛–—][^()[\]]*$/

/** Whether a run is all that stands in brackets or between dashes. */
const isAside = (words: readonly ClaimWord[], { from, to }: Run): boolean =>
  asideMarks.some(
    ([opens, closes]) =>
      opens.test(words[from]?.gap ?? '') &&
      closes.test(words[to]?.gap ?? '') &&
      !words.slice(from + 1, to).some(({ gap }) => opens.test(gap) || closes.test(gap)),
  )

const longestItem = 6
const fewestItems = 3

/** Whether a run is some items in the midst of a list: those between semicolons, or many short ones between commas. */
const areItems = (words: readonly ClaimWord[], { from, to }: Run, language: Language | null): boolean => {
  const ends = [from, to].map((at) => words[at]?.gap ?? '')
  if (ends.every((gap) => /[;؛]/.test(gap))) return true
  const next = words.findIndex(({ gap }, at) => at > to && mark.test(gap))
  const starts = words.flatMap(({ gap }, at) => (at >= from && at <= to && mark.test(gap) ? [at] : []))
  const lengths = [...starts.slice(1), next < 0 ? words.length : next].map((end, at) => end - (starts[at] ?? 0))
  return (
    ends.every((gap) => /[,،]/.test(gap)) &&
    lengths.length > fewestItems &&
    lengths.every((length) => length <= longestItem) &&
    !words.slice(from, to).some(({ key }) => joiners(language).has(key) || binding(language).has(key))
  )
}

/** Shorter heads are mostly what the statement is about, without what it says. */
const leastHead = 8
const participle = /.(?:ed|ing)$/

/** Whether the words up to one say something: not just when and where it was. */
const isStatement = (words: readonly ClaimWord[], to: number, language: Language | null): boolean => {
  const first = words[0]?.key ?? ''
  const isOpening = openings(language).has(first) || (language === 'en' && participle.test(first))
  return to >= leastHead && (!isOpening || words.slice(1, to).some(({ gap }) => mark.test(gap)))
}

/** Whether the sentence reads on without a run: its end, an opening, an aside, or a clause about the word before it. */
const readsOn = (words: readonly ClaimWord[], run: Run, language: Language | null): boolean => {
  const { from, to } = run
  const [first, ...others] = words.slice(from, to)
  if (!first) return false
  if (from === 0) return openings(language).has(first.key) && standsAlone(words, to, language)
  if (isAside(words, run) || areItems(words, run, language)) return true
  if (to === words.length) {
    const isClause = parting.test(first.gap) && !complementizers(language).has(first.key)
    return isClause && isStatement(words, from, language)
  }
  return (
    isRelative(words, from, language) && !others.some(({ key, gap }) => mark.test(gap) || binding(language).has(key))
  )
}

/** The runs of words that may go, each for itself. */
const runsOf = (words: readonly ClaimWord[], { text, language }: ToShorten): Run[] =>
  droppable(words, language).flatMap((ends, from) =>
    ends.flatMap((to): Run[] => {
      if (to - from < leastDropped || !readsOn(words, { from, to }, language)) return []
      return isBalanced(text.slice(words[from - 1]?.end ?? 0, words[to]?.start ?? text.length)) ? [{ from, to }] : []
    }),
  )

const ellipsis = '…'

const without = (text: string, words: readonly ClaimWord[], runs: readonly Run[]): string => {
  const starts = [0, ...runs.map(({ to }) => words[to]?.start ?? text.length)]
  const pieces = starts.map((start, at) => {
    const next = runs[at]
    return text.slice(start, next ? (words[next.from - 1]?.end ?? 0) : text.length)
  })
  return pieces.join(` ${ellipsis} `).trim()
}

interface Choice {
  runs: Run[]
  words: number
  worth: number
}

/** What is left without one run, or without two that leave words between them. */
const choicesOf = ({ text, worthOf }: ToShorten, words: readonly ClaimWord[], runs: readonly Run[]): Choice[] => {
  const total = countWords(text)
  const single = runs.map((run): Choice => {
    const lost = worthOf(words[run.from]?.start ?? 0, words[run.to - 1]?.end ?? 0)
    return { runs: [run], words: countWords(without(text, words, [run])), worth: 1 - lost }
  })
  const double = single.flatMap((one) =>
    single
      .filter(({ runs: [run] }) => (run?.from ?? 0) > (one.runs[0]?.to ?? 0))
      .map((other) => ({
        runs: [...one.runs, ...other.runs],
        words: one.words + other.words - total,
        worth: one.worth + other.worth - 1,
      })),
  )
  return [...single, ...double]
}

/** The ways to say less of a sentence that are worth their words, shortest first: each is worth more than the ones before. */
export const shortenings = (sentence: ToShorten): Shortening[] => {
  const words = readWords(sentence.text, sentence.language)
  if (words.length > longest) return []
  let best = 0
  return choicesOf(sentence, words, runsOf(words, sentence))
    .toSorted((a, b) => a.words - b.words || b.worth - a.worth)
    .flatMap(({ runs, worth }) => {
      if (worth <= best) return []
      best = worth
      const text = without(sentence.text, words, runs)
      return [{ text, words: countWords(text), worth }]
    })
}

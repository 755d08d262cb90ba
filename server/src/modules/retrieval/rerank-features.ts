import {
  createMatcher,
  foldWord,
  isNumber,
  type Language,
  type Matcher,
  stopWords,
  tokenize,
  writtenWords,
} from '#modules/language'
import type { QueryWeights } from './score.ts'

/** A passage that the index found, as the re-ranker reads it. */
export interface PassageToRank {
  text: string
  /** The title of its document and the headings above it. */
  headingPath: readonly string[]
  /** The language that it is written in; the question's when left out. */
  language?: Language | null
  /** The fused score that `searchIndex` gave. */
  score: number
}

export interface QuestionToRank {
  query: string
  language: Language | null
  /** From the same search. */
  weights: QueryWeights
}

/** What speaks for a passage, each a share of the question or of the best passage: no size of scope stands in them. */
export interface RankFeatures {
  /** Its score over W, what the question's words weigh together. */
  score: number
  /** Its score as a share of the best one's. */
  share: number
  /** How softly it covers the question, each word by the square of its weight: the rare word must not be missing. */
  cover: number
  /** The share of the question's weight that stands there word for word. */
  exact: number
  /** The share of the question's weight that comes together around one place, fading over eight words. */
  near: number
  /** What its first words cover: a passage on a thing begins with it. */
  lead: number
  /** The share of the question's names and numbers that it has. */
  names: number
  /** What its headings cover. */
  heading: number
  /** What its headings cover beyond its text. */
  added: number
}

export const featureNames = [
  'score',
  'share',
  'cover',
  'exact',
  'near',
  'lead',
  'names',
  'heading',
  'added',
] as const satisfies readonly (keyof RankFeatures)[]

/** A question word this many tokens away still counts 1/e. */
const reach = 8
const fade = Math.exp(-1 / reach)
const leadTokens = 12
/** From this match on a word counts as the name that was asked for. */
const sameWord = 0.8

const capital = /^\p{Lu}/u
/** German writes every noun with a capital, Arabic none. */
const hasNamesByCapital = (language: Language | null): boolean => language !== 'de' && language !== 'ar'

/** Which of the question's words are numbers, or names by their capital inside the question. */
const namesOf = ({ query, language, weights }: QuestionToRank): boolean[] => {
  const stops = stopWords(language)
  const byCapital = hasNamesByCapital(language)
  const names = new Set<string>()
  tokenize(query).forEach(({ word, start }, at) => {
    const isName = byCapital && at > 0 && capital.test(query.slice(start)) && !stops.has(word)
    if (isName || isNumber(word)) names.add(word)
  })
  return weights.words.map(({ word }) => names.has(word))
}

const most = (a: readonly number[], b: readonly number[]): number[] => a.map((value, at) => Math.max(value, b[at] ?? 0))

/** The best match of each of the question's words among some rows. */
const bestOf = (rows: Iterable<readonly number[]>, size: number): number[] => {
  const best = new Array<number>(size).fill(0)
  for (const row of rows) {
    for (let at = 0; at < size; at += 1) best[at] = Math.max(best[at] ?? 0, row[at] ?? 0)
  }
  return best
}

/** The most weight that comes together around one token: matches fade with the distance, on both sides. */
const nearest = (rows: readonly (readonly number[])[], weights: readonly number[], best: readonly number[]): number => {
  const near = new Float64Array(rows.length)
  const column = new Float64Array(rows.length)
  weights.forEach((weight, word) => {
    if ((best[word] ?? 0) === 0) return
    let running = 0
    rows.forEach((row, at) => {
      running = Math.max(row[word] ?? 0, running * fade)
      column[at] = running
    })
    running = 0
    for (let at = rows.length - 1; at >= 0; at -= 1) {
      running = Math.max(column[at] ?? 0, running * fade)
      near[at] = (near[at] ?? 0) + weight * running
    }
  })
  return near.reduce((top, value) => Math.max(top, value), 0)
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)

/** The share of the weight at which a condition holds, or that is matched. */
const shareOf = (weights: readonly number[], part: (at: number) => number): number =>
  ratio(
    weights.reduce((sum, weight, at) => sum + weight * part(at), 0),
    weights.reduce((sum, weight) => sum + weight, 0),
  )

interface Reading {
  /** W */
  total: number
  weights: number[]
  squares: number[]
  /** The weights of names and numbers, 0 for other words. */
  names: number[]
  bestScore: number
}

/** Matches by the written form: most words of passages on one question stand in them many times. Null for what is no word. */
type WrittenMatcher = (written: string) => readonly number[] | null

const matchWritten = (match: Matcher): WrittenMatcher => {
  const known = new Map<string, readonly number[] | null>()
  return (written) => {
    const before = known.get(written)
    if (before !== undefined) return before
    const word = foldWord(written)
    const row = word === '' ? null : match(word)
    known.set(written, row)
    return row
  }
}

const rowsOf = (text: string, match: WrittenMatcher): (readonly number[])[] =>
  writtenWords(text)
    .map(match)
    .filter((row) => row !== null)

const readPassage = (passage: PassageToRank, match: WrittenMatcher, reading: Reading): RankFeatures => {
  const { total, weights, squares, names, bestScore } = reading
  const rows = rowsOf(passage.text, match)
  const best = bestOf(rows, weights.length)
  const lead = bestOf(rows.slice(0, leadTokens), weights.length)
  const heading = bestOf(rowsOf(passage.headingPath.join('\n'), match), weights.length)
  const cover = (matches: readonly number[]): number => shareOf(weights, (at) => matches[at] ?? 0)
  return {
    score: ratio(passage.score, total),
    share: ratio(passage.score, bestScore),
    cover: shareOf(squares, (at) => best[at] ?? 0),
    exact: shareOf(weights, (at) => (best[at] === 1 ? 1 : 0)),
    near: ratio(nearest(rows, weights, best), total),
    lead: cover(lead),
    names: shareOf(names, (at) => ((best[at] ?? 0) >= sameWord ? 1 : 0)),
    heading: cover(heading),
    added: cover(most(best, heading)) - cover(best),
  }
}

/** The features of each passage, in the order given. Linear in the length of the texts (docs/measurements.md, "Search", has the cost). */
export const readRankFeatures = (question: QuestionToRank, passages: readonly PassageToRank[]): RankFeatures[] => {
  const weights = question.weights.words.map(({ weight }) => weight)
  const isName = namesOf(question)
  const reading: Reading = {
    total: question.weights.total,
    weights,
    squares: weights.map((weight) => weight * weight),
    names: weights.map((weight, at) => (isName[at] ? weight : 0)),
    bestScore: passages.reduce((top, { score }) => Math.max(top, score), 0),
  }
  const words = question.weights.words.map(({ word }) => word)
  const matchers = new Map<Language | null, WrittenMatcher>()
  return passages.map((passage) => {
    const language = passage.language ?? question.language
    const match = matchers.get(language) ?? matchWritten(createMatcher(words, language))
    matchers.set(language, match)
    return readPassage(passage, match, reading)
  })
}

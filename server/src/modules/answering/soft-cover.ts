import { createStemmer, type Language, stopWords } from '#modules/language'
import { weak } from './claim-vocabulary.ts'
import { type ClaimWord, saysSame } from './claim-words.ts'
import type { PageSentence } from './page-sentences.ts'

/** How near a word of the page comes to one of the claim: 1 the same, 0 nothing. */
export type Near = (claim: ClaimWord, page: ClaimWord) => number

const sharedHead = (a: string, b: string): number => {
  let at = 0
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1
  return at
}

const leastHead = 4
const headShare = 0.6
const leastPart = 5

const byHead = (a: string, b: string): number => {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  const head = sharedHead(a, b)
  if (head >= leastHead && head >= headShare * long.length) return 0.8
  if (head >= leastHead && head >= 0.8 * short.length) return 0.7
  return short.length >= leastPart && long.includes(short) ? 0.6 : 0
}

/** Compares words by their heads, which is all that German and English endings need; Arabic and Indonesian also by stem. */
export const createNear = (language: Language | null): Near => {
  const stem = language === 'ar' || language === 'id' ? createStemmer(language) : (word: string): string => word
  return (claim, page) => {
    if (saysSame(claim, page, language)) return 1
    if (claim.value !== null || page.value !== null || claim.date || page.date) return 0
    const [a, b] = [stem(claim.key), stem(page.key)]
    return a === b && a.length > 1 ? 0.9 : byHead(a, b)
  }
}

const stopWeight = 0.2
const nameWeight = 1.5

export const weightOf = (word: ClaimWord, language: Language | null): number => {
  if (stopWords(language).has(word.key) || word.key.length < 2) return stopWeight
  return word.value !== null || word.date || (word.isCapital && language !== 'de') ? nameWeight : 1
}

export interface Cover {
  /** The share of the claim's weight that the sentences bear, from 0 to 1. */
  share: number
  /** The sentence that bears most, then the one that adds most. */
  sentences: PageSentence[]
}

/** A second sentence that adds less than this bears nothing. */
const leastGain = 0.05

/** Per word of the claim how well a sentence bears it. */
const bestOf = (claim: readonly ClaimWord[], sentence: PageSentence, near: Near): number[] =>
  claim.map((said) => {
    let best = 0
    for (const word of sentence.words) {
      const value = near(said, word)
      if (value > best) best = value
      if (best === 1) break
    }
    return best
  })

/** Which sentences a claim is nearest to, and how much of it they bear. */
export const coverOf = (
  claim: readonly ClaimWord[],
  sentences: readonly PageSentence[],
  language: Language | null,
  near: Near,
): Cover => {
  const weights = claim.map((word) => weightOf(word, language))
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1
  const weigh = (values: readonly number[]): number =>
    values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0) / total
  const rows = sentences.map((sentence) => ({ sentence, best: bestOf(claim, sentence, near) }))
  const pick = (base: readonly number[]): { row: (typeof rows)[number]; both: number[]; share: number } | null => {
    const joined = rows.map((row) => {
      const both = row.best.map((value, at) => Math.max(value, base[at] ?? 0))
      return { row, both, share: weigh(both) }
    })
    return joined.toSorted((a, b) => b.share - a.share)[0] ?? null
  }
  const first = pick([])
  if (!first) return { share: 0, sentences: [] }
  const second = pick(first.both)
  if (!second || second.share - first.share < leastGain) return { share: first.share, sentences: [first.row.sentence] }
  return { share: second.share, sentences: [first.row.sentence, second.row.sentence] }
}

/** A claim of more words may be a paraphrase of which no word stands on the page; by its cover alone it is judged. */
const mostTold = 3
/** From this nearness on the page has a word of the claim. */
const leastNear = 0.6

/** Whether a word tells what a claim is about. A single digit is a list's or a footnote's. */
const tells = ({ key, value, date }: ClaimWord, language: Language | null): boolean =>
  value !== null || date
    ? date !== null || Math.abs(value ?? 0) >= 10
    : key.length > 1 && !stopWords(language).has(key) && !weak(language).has(key)

/** Whether a short claim has no word in common with the sentences but those that stand in any text. */
export const isForeign = (
  claim: readonly ClaimWord[],
  sentences: readonly PageSentence[],
  language: Language | null,
  near: Near,
): boolean => {
  const told = claim.filter((word) => tells(word, language))
  if (told.length > mostTold) return false
  const here = sentences.flatMap(({ words }) => words.filter((word) => tells(word, language)))
  return !told.some((said) => here.some((word) => near(said, word) >= leastNear))
}

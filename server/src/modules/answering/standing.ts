import type { Standing } from './sentence-features.ts'

/** Chances in proportion to the exponentials of scores. */
export const softmax = (scores: readonly number[]): number[] => {
  const top = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  const odds = scores.map((score) => Math.exp(score - top))
  const total = odds.reduce((sum, value) => sum + value, 0)
  return odds.map((value) => value / total)
}

/** What the stages of the search gave a passage. */
export interface Placed {
  /** The fused score that `searchIndex` gave; 0 when it was found otherwise. */
  score: number
  stages?: { rerank?: number }
}

/**
 * How each passage stands among those read. One that the re-ranker did not see has an equal part of the chances, the
 * others share the rest by their scores; without the stage all are equal.
 */
export const standingOf = (passages: readonly Placed[]): Standing[] => {
  const best = passages.reduce((most, { score }) => Math.max(most, score), 0)
  const scores = passages.map(({ stages }) => stages?.rerank)
  const read = scores.filter((score) => score !== undefined)
  const chances = softmax(read)
  let at = 0
  return passages.map(({ score }, index) => {
    const chance = scores[index] === undefined ? 1 : (chances[at++] ?? 0) * read.length
    return { share: best > 0 ? score / best : 0, chance: chance / passages.length }
  })
}

/** A longer lead makes nothing surer. */
const longestLead = 6
/** Half way between the leads of what answers and of what does not, for a passage that has none to be held against. */
const usualLead = 4

/**
 * How far the re-ranker's best passage stands above the mean of the others that were read: what answers stands out,
 * while a book on the question's topic has many pages that say equally little about it.
 */
export const leadOf = (passages: readonly Placed[]): number => {
  const scores = passages.flatMap(({ stages }) => stages?.rerank ?? [])
  if (scores.length < 2) return usualLead
  const best = Math.max(...scores)
  const others = (scores.reduce((sum, score) => sum + score, 0) - best) / (scores.length - 1)
  return Math.min(longestLead, best - others)
}

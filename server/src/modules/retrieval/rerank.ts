import {
  featureNames,
  type PassageToRank,
  type QuestionToRank,
  type RankFeatures,
  readRankFeatures,
} from './rerank-features.ts'

/** How many of the best passages are worth reading again: the gold one is among them for 97 to 99% of questions. */
export const rerankDepth = 12

/**
 * Fitted by `eval/fit-rerank.ts` on half of the articles of six question sets in four languages, two
 * books loaded beside them; what it lifts on the other half stands in docs/measurements.md, "Search". Each feature
 * is a share, so that one fit serves any size of scope.
 */
const fitted: RankFeatures = {
  score: 3.07,
  share: 4.19,
  cover: 1.9,
  exact: 3.22,
  near: 5.68,
  lead: 1.42,
  names: 1.3,
  heading: 4.54,
  added: 7.01,
}

/** What the features come to. */
export const rankScore = (features: RankFeatures): number =>
  featureNames.reduce((sum, name) => sum + fitted[name] * features[name], 0)

export interface Reranked {
  /** Indexes into the passages given, best first; of equals the one that was given first. */
  order: number[]
  /** The score of each passage, in the order given. Scores of one question compare, those of two do not. */
  scores: number[]
}

/** Reads the passages that the index found and puts them in a better order. Pure. Give it the best `rerankDepth`. */
export const rerank = ({
  passages,
  ...question
}: QuestionToRank & { passages: readonly PassageToRank[] }): Reranked => {
  const scores = readRankFeatures(question, passages).map(rankScore)
  const order = [...passages.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
  return { order, scores }
}

import { type Asking, type Features, type ReadSentence, readSentences, type Standing } from './sentence-features.ts'
import { softmax } from './standing.ts'

/** A sentence with what makes it an answer. */
export interface ScoredSentence extends ReadSentence {
  /** Index of its passage. */
  passage: number
  /** Logarithm of the odds among the sentences of a question, up to a constant. */
  score: number
}

/**
 * Weights of the linear score, as `eval/fit-sentences.ts` prints them: fitted on half of the articles, list-wise, so
 * that a softmax over the scores is the chance that a sentence holds the answer (docs/measurements.md, "Answers").
 */
const formula: Features = {
  proximity: 0.37,
  around: 2.92,
  opening: 3.11,
  share: 1.78,
  chance: 2.35,
  grams: 1.8,
  fresh: -0.57,
  candidates: 0.56,
  place: -0.54,
  dated: 1.57,
  year: 1.66,
  reason: 3.71,
  percent: 4.92,
  figures: -0.38,
  people: 0.48,
  numbers: 1.75,
  names: -0.74,
  focus: 0.73,
  missing: -0.3,
}

const names = Object.keys(formula) as (keyof Features)[]

const weigh = (features: Features): number => names.reduce((sum, name) => sum + formula[name] * features[name], 0)

/** Scores the sentences of one passage, given its index and how it stands. */
export const scoreSentences = (text: string, passage: Standing & { index: number }, asking: Asking): ScoredSentence[] =>
  readSentences(text, passage, asking).map((sentence) => ({
    ...sentence,
    passage: passage.index,
    score: weigh(sentence.features) + sentence.shape,
  }))

/** The chance of each sentence to hold the answer, in their order, as far as the score can tell. */
export const chancesOf = (sentences: readonly ScoredSentence[]): number[] =>
  softmax(sentences.map(({ score }) => score))

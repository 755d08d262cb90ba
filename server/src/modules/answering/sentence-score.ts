import {
  type Asking,
  type Features,
  type ReadPassage,
  type ReadSentence,
  readSentences,
  type Standing,
} from './sentence-features.ts'

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
  proximity: 1.8,
  around: 2.99,
  opening: 3.11,
  share: 0.42,
  chance: 1.55,
  chanceLog: 0.39,
  same: -0.85,
  coverSquare: -1.15,
  likelyCover: -1.41,
  heading: 4.07,
  grams: 2.78,
  fresh: -0.54,
  candidates: 0.52,
  place: -0.57,
  dated: 1.25,
  year: 1.58,
  reason: 3.79,
  percent: 4.84,
  figures: -0.29,
  people: 0.44,
  numbers: 1.89,
  names: -0.59,
  focus: 0.69,
  missing: -1.31,
}

const names = Object.keys(formula) as (keyof Features)[]

const weigh = (features: Features): number => names.reduce((sum, name) => sum + formula[name] * features[name], 0)

/** Scores the sentences of one passage, given its index and how it stands. */
export const scoreSentences = (
  passage: ReadPassage,
  standing: Standing & { index: number },
  asking: Asking,
): ScoredSentence[] =>
  readSentences(passage, standing, asking).map((sentence) => ({
    ...sentence,
    passage: standing.index,
    score: weigh(sentence.features) + sentence.shape,
  }))

/** The chance of each of these sentences to hold the answer, as far as the score can tell. */
export const chancesAmong = (sentences: readonly ScoredSentence[]): ((sentence: ScoredSentence) => number) => {
  const top = sentences.reduce((most, { score }) => Math.max(most, score), Number.NEGATIVE_INFINITY)
  const total = sentences.reduce((sum, { score }) => sum + Math.exp(score - top), 0)
  return ({ score }) => (total > 0 ? Math.exp(score - top) / total : 0)
}

/** What confidence is made of: ratios and not scores, as a score learnt in one size of scope fails in another. */
export interface Signals {
  /** What the whole passage that scores best matches of W, what the question's words weigh together. */
  passage: number
  /** Its score over what it matches: how much it is about those words, in whatever language they are matched. */
  density: number
  /** The best sentence's score (sentence-score.ts), itself made of shares. */
  sentence: number
  /** How far the best passage stands above the others in the re-ranker's scores (standing.ts). */
  lead: number
}

/**
 * Logistic regression by `eval/fit-refusal.ts` on half of the articles of six sets, in scopes of 1, 4, 20 and 60 to
 * 180 paragraphs and in such a set with two books (docs/measurements.md, "Refusal").
 */
const fit: Signals & { bias: number } = { bias: -7.57, passage: 6.05, density: 1.89, sentence: 0.21, lead: 0.55 }

/** Below this the material is taken not to answer. One threshold for all languages and sizes of scope. */
export const leastConfidence = 0.5

/** How sure it is that the material speaks about the question, from 0 to 1; 0 when nothing was found. */
export const confidenceOf = ({ passage, density, sentence, lead }: Signals): number => {
  if (!(density > 0)) return 0
  const odds = fit.bias + fit.passage * passage + fit.density * density + fit.sentence * sentence + fit.lead * lead
  return 1 / (1 + Math.exp(-odds))
}

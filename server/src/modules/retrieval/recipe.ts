import type { PerFamily } from './terms.ts'

/** How the sums are made; `npm run eval -- search` measures others beside the product's. */
export interface Recipe {
  k1: number
  b: PerFamily
  weight: PerFamily
  /**
   * Whether a word is as rare as the chunks in the question's own language say, and a chunk as long as those of its
   * own. An English shelf beside German material makes every German word look rare, common ones most.
   */
  byLanguage: boolean
}

/** Recipe R (docs/measurements.md, "Search"). The weights are flat: 0.15 to 0.8 for grams moves the mean by 0.7 points. */
export const recipe: Recipe = {
  k1: 1.2,
  b: { stems: 0.8, grams: 0.8, bigrams: 0.75 },
  weight: { stems: 1, grams: 0.2, bigrams: 0.2 },
  byLanguage: true,
}

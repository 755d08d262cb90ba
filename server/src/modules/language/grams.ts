/**
 * The character 4-grams of `_word_`: what lets inflected, compounded and misspelt words meet.
 * Padded beats word-internal on all six dev sets (docs/measurements.md, "Search").
 */
export const fourGrams = (word: string): string[] => {
  const padded = `_${word}_`
  if (padded.length <= 4) return [padded]
  const grams: string[] = []
  for (let at = 0; at + 4 <= padded.length; at += 1) grams.push(padded.slice(at, at + 4))
  return grams
}

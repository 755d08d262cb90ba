import type { Language } from './language.ts'
import { createStemmer } from './stem.ts'
import { isNumber } from './tokens.ts'

/** A word that is looked for. */
interface Wanted {
  word: string
  stem: string
  /** How many distinct trigrams it has. */
  size: number
}

/** The distinct trigrams of `_word_`. */
const trigramsOf = (word: string): string[] => {
  const padded = `_${word}_`
  const grams: string[] = []
  for (let at = 0; at + 3 <= padded.length; at += 1) {
    const gram = padded.slice(at, at + 3)
    if (padded.indexOf(gram) === at) grams.push(gram)
  }
  return grams
}

const byTrigrams = (wanted: Wanted, word: string, size: number, common: number): number => {
  const dice = (2 * common) / (wanted.size + size)
  if (dice >= 0.5) return 0.9 * dice
  const bothLong = wanted.word.length >= 5 && word.length >= 5
  return bothLong && common / Math.min(wanted.size, size) >= 0.7 ? 0.5 : 0
}

/** A word that is held against the wanted ones. */
interface Candidate {
  word: string
  stem: string
  size: number
}

/** @param common how many trigrams the two share */
const matchOf = (wanted: Wanted, { word, stem, size }: Candidate, common: number): number => {
  if (wanted.word === word) return 1
  if (isNumber(wanted.word)) return 0
  if (wanted.stem === stem) return 0.95
  return common > 0 ? byTrigrams(wanted, word, size, common) : 0
}

/** Which of the words have a trigram. */
const holdersOf = (words: readonly string[]): Map<string, number[]> => {
  const holders = new Map<string, number[]>()
  words.forEach((word, index) => {
    for (const gram of trigramsOf(word)) holders.set(gram, [...(holders.get(gram) ?? []), index])
  })
  return holders
}

/** How well a word matches each of the question's words, in their order, from 0 to 1. */
export type Matcher = (word: string) => readonly number[]

/**
 * The soft match of docs/measurements.md, "Answers": 1 same word, 0.95 same stem, numbers only exactly, else by
 * trigrams. A word is compared with those alone that share a trigram with it, and English and German ones are
 * stemmed only when they begin alike: stemming every word of a page would cost more than all the rest.
 * @param language the language of the text that is held against the words
 */
export const createMatcher = (words: readonly string[], language: Language | null): Matcher => {
  const stem = createStemmer(language)
  const stripsPrefixes = language === 'ar' || language === 'id'
  const wanted = words.map((word): Wanted => ({ word, stem: stem(word), size: trigramsOf(word).length }))
  const holders = holdersOf(words)
  const nothing: readonly number[] = words.map(() => 0)

  const compare = (word: string): readonly number[] => {
    if (isNumber(word)) return wanted.map((it) => (it.word === word ? 1 : 0))
    const grams = trigramsOf(word)
    const sharing = grams.map((gram) => holders.get(gram)).filter((indexes) => indexes !== undefined)
    if (sharing.length === 0 && !stripsPrefixes) return nothing
    const common = [...nothing]
    for (const index of sharing.flat()) common[index] = (common[index] ?? 0) + 1
    const stemmed = stripsPrefixes || holders.has(grams[0] ?? '') ? stem(word) : word
    return wanted.map((it, index) => matchOf(it, { word, stem: stemmed, size: grams.length }, common[index] ?? 0))
  }

  const cache = new Map<string, readonly number[]>()
  return (word) => {
    const known = cache.get(word) ?? compare(word)
    cache.set(word, known)
    return known
  }
}

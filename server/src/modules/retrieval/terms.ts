import { createStemmer, fourGrams, type Language, stopWords, tokenize } from '#modules/language'

/** The three kinds of terms that recipe R scores (docs/measurements.md, "Search"). */
export const families = ['stems', 'grams', 'bigrams'] as const
export type Family = (typeof families)[number]
export type PerFamily = Record<Family, number>

/** Part of the stored format: another seed is another index. */
const seeds: PerFamily = { stems: 0x811c9dc5, grams: 0x9e3779b9, bigrams: 0x85ebca6b }

/**
 * The 32-bit hash under which a term is stored: FNV-1a over UTF-16 units from the family's seed, then
 * MurmurHash3's finaliser, as buckets are chosen by the low bits. With 24 bits 4% of words collided.
 */
export const hashTerm = (family: Family, term: string): number => {
  let hash = seeds[family]
  for (let at = 0; at < term.length; at += 1) {
    const unit = term.charCodeAt(at)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Takes a term of a chunk and how often it stands there; the same term may come again. */
export type TakeTerm = (hash: number, times: number) => void

interface WordTerms {
  stem: string
  stemHash: number
  gramHashes: number[]
  isStop: boolean
}

const cacheLimit = 50_000

const wordReader = (language: Language | null): ((word: string) => WordTerms) => {
  const stem = createStemmer(language)
  const stops = stopWords(language)
  const cache = new Map<string, WordTerms>()
  return (word) => {
    const known = cache.get(word)
    if (known) return known
    if (cache.size >= cacheLimit) cache.clear()
    const stemmed = stem(word)
    const gramHashes = fourGrams(word).map((gram) => hashTerm('grams', gram))
    const terms = { stem: stemmed, stemHash: hashTerm('stems', stemmed), gramHashes, isStop: stops.has(word) }
    cache.set(word, terms)
    return terms
  }
}

/** A pair of content stems that follow each other, stop words left out. */
export const bigram = (left: string, right: string): string => `${left} ${right}`

/** Takes the pairs of content stems that follow each other. @returns how many there are */
const takePairs = (words: readonly WordTerms[], take: TakeTerm): number => {
  let pairs = 0
  let previous: string | undefined
  for (const { stem, isStop } of words) {
    if (isStop) continue
    if (previous !== undefined) {
      take(hashTerm('bigrams', bigram(previous, stem)), 1)
      pairs += 1
    }
    previous = stem
  }
  return pairs
}

/** A word brings half a dozen 4-grams along: they are taken once for all its occurrences. */
const timesOf = (words: readonly WordTerms[]): Map<WordTerms, number> => {
  const times = new Map<WordTerms, number>()
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1)
  return times
}

/**
 * Makes a function that reads the terms of texts in one language and answers how many there are of each family; it keeps
 * the words it has seen.
 */
export const createTermReader = (language: Language | null): ((text: string, take: TakeTerm) => PerFamily) => {
  const read = wordReader(language)
  return (text, take) => {
    const words = tokenize(text).map(({ word }) => read(word))
    const lengths: PerFamily = { stems: words.length, grams: 0, bigrams: takePairs(words, take) }
    for (const [{ stemHash, gramHashes }, times] of timesOf(words)) {
      take(stemHash, times)
      for (const hash of gramHashes) take(hash, times)
      lengths.grams += times * gramHashes.length
    }
    return lengths
  }
}

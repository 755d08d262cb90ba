import { createStemmer, foldWord, fourGrams, type Language, stopWords, writtenWords } from '#modules/language'
import type { TermCollector } from './term-lists.ts'

/** The three kinds of terms that recipe R scores (docs/measurements.md, "Search"). */
export const families = ['stems', 'grams', 'bigrams'] as const
export type Family = (typeof families)[number]
export type PerFamily = Record<Family, number>

/** Part of the stored format: another seed is another index. */
const seeds: PerFamily = { stems: 0x811c9dc5, grams: 0x9e3779b9, bigrams: 0x85ebca6b }

const mix = (state: number, text: string): number => {
  let hash = state
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  return hash
}

const finish = (state: number): number => {
  let hash = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/**
 * The 32-bit hash under which a term is stored: FNV-1a over UTF-16 units from the family's seed, then
 * MurmurHash3's finaliser, as buckets are chosen by the low bits. With 24 bits 4% of words collided.
 */
export const hashTerm = (family: Family, term: string): number => finish(mix(seeds[family], term))

/** What a word brings to each chunk that it stands in. */
interface WordTerms {
  stem: string
  /** The collector's numbers of its stem and of its 4-grams. */
  stemNumber: number
  gramNumbers: number[]
  isStop: boolean
  /** The hash of a pair that begins with its stem, up to the second one. */
  pairState: number
  /** How often the chunk that is being read has it; 0 between chunks. */
  times: number
}

const cacheLimit = 50_000

/** Keeps what `read` gives for a word; forgets all at the limit, as hostile text has no end of words. */
const remember = <T>(read: (word: string) => T): ((word: string) => T) => {
  const cache = new Map<string, T>()
  return (word) => {
    const known = cache.get(word)
    if (known !== undefined) return known
    if (cache.size >= cacheLimit) cache.clear()
    const value = read(word)
    cache.set(word, value)
    return value
  }
}

/** Null for what is no word once it is folded. */
const wordReader = (language: Language | null, terms: TermCollector): ((written: string) => WordTerms | null) => {
  const stem = createStemmer(language)
  const stops = stopWords(language)
  const readFolded = remember((word): WordTerms => {
    const stemmed = stem(word)
    return {
      stem: stemmed,
      stemNumber: terms.numberOf(hashTerm('stems', stemmed)),
      gramNumbers: fourGrams(word).map((gram) => terms.numberOf(hashTerm('grams', gram))),
      isStop: stops.has(word),
      pairState: mix(seeds.bigrams, bigram(stemmed, '')),
      times: 0,
    }
  })
  return remember((written) => {
    const word = foldWord(written)
    return word === '' ? null : readFolded(word)
  })
}

/** A pair of content stems that follow each other, stop words left out. */
export const bigram = (left: string, right: string): string => `${left} ${right}`

/** Adds the pairs of content stems that follow each other. @returns how many there are */
const addPairs = (terms: TermCollector, words: readonly WordTerms[], ordinal: number): number => {
  let pairs = 0
  let previous: WordTerms | undefined
  for (const word of words) {
    if (word.isStop) continue
    if (previous) {
      terms.add(finish(mix(previous.pairState, word.stem)), ordinal, 1)
      pairs += 1
    }
    previous = word
  }
  return pairs
}

/** Adds stems and 4-grams: a word brings half a dozen, which are taken once for all its occurrences. @returns how many 4-grams there are */
const addWords = (terms: TermCollector, words: readonly WordTerms[], ordinal: number): number => {
  for (const word of words) word.times += 1
  let grams = 0
  for (const word of words) {
    const { stemNumber, gramNumbers, times } = word
    if (times === 0) continue
    terms.count(stemNumber, ordinal, times)
    for (const number of gramNumbers) terms.count(number, ordinal, times)
    grams += times * gramNumbers.length
    word.times = 0
  }
  return grams
}

/**
 * Makes a function that puts the terms of a chunk into the collector and answers how many there are of each family; it
 * keeps the words it has seen.
 */
export const createTermReader = (
  language: Language | null,
  terms: TermCollector,
): ((text: string, ordinal: number) => PerFamily) => {
  const read = wordReader(language, terms)
  return (text, ordinal) => {
    const words = writtenWords(text)
      .map(read)
      .filter((word) => word !== null)
    return {
      stems: words.length,
      grams: addWords(terms, words, ordinal),
      bigrams: addPairs(terms, words, ordinal),
    }
  }
}

import {
  createStemmer,
  fourGrams,
  guessLanguage,
  type Language,
  type Stemmer,
  stopWords,
  tokenize,
} from '#modules/language'
import { bigram, type Family, hashTerm } from './terms.ts'

/** A term to look up. Terms of one slot mean the same in different languages and share one idf. */
export interface QueryTerm {
  slot: number
  family: Family
  hash: number
}

/** A question made ready for the index. */
export interface QueryPlan {
  /** The language whose question words and articles were dropped. */
  language: Language | null
  /** The content words; word `i` has slot `i`. */
  words: string[]
  slotCount: number
  /** The terms as a segment in that language stores them. */
  termsIn: (language: Language | null) => QueryTerm[]
}

/** A question longer than this many words is searched by its beginning: cost is bounded, prose loses nothing. */
const maxWords = 64

const distinctBy = (words: string[], key: (word: string) => string): string[] =>
  [...new Map(words.toReversed().map((word) => [key(word), word])).values()].toReversed()

const termsOf = (words: string[], pairs: [number, number][], grams: string[], stem: Stemmer): QueryTerm[] => {
  const stems = words.map(stem)
  const pairAt = (index: number): string => stems[index] ?? ''
  return [
    ...stems.map((stem, slot): QueryTerm => ({ slot, family: 'stems', hash: hashTerm('stems', stem) })),
    ...grams.map(
      (gram, at): QueryTerm => ({ slot: words.length + at, family: 'grams', hash: hashTerm('grams', gram) }),
    ),
    ...pairs.map(
      ([left, right], at): QueryTerm => ({
        slot: words.length + grams.length + at,
        family: 'bigrams',
        hash: hashTerm('bigrams', bigram(pairAt(left), pairAt(right))),
      }),
    ),
  ]
}

/**
 * Turns a question into terms. Question words and articles of its language are dropped, unless nothing else
 * is there; each stem, 4-gram and pair of neighbouring stems counts once.
 */
export const planQuery = (query: string, language?: Language | null): QueryPlan => {
  const queryLanguage = language ?? guessLanguage(query)
  const stops = stopWords(queryLanguage)
  const all = tokenize(query).map(({ word }) => word)
  const content = all.filter((word) => !stops.has(word))
  const sequence = (content.length > 0 ? content : all).slice(0, maxWords)
  const stem = createStemmer(queryLanguage)
  const words = distinctBy(sequence, stem)
  const slotOf = new Map(words.map((word, slot) => [stem(word), slot]))
  const grams = [...new Set(sequence.flatMap(fourGrams))]
  const pairs = new Map<string, [number, number]>()
  for (let at = 1; at < sequence.length; at += 1) {
    const left = slotOf.get(stem(sequence[at - 1] ?? ''))
    const right = slotOf.get(stem(sequence[at] ?? ''))
    if (left !== undefined && right !== undefined) pairs.set(`${left} ${right}`, [left, right])
  }
  const pairList = [...pairs.values()]
  const known = new Map<Language | null, QueryTerm[]>()
  return {
    language: queryLanguage,
    words,
    slotCount: words.length + grams.length + pairList.length,
    termsIn: (language) => {
      const before = known.get(language)
      if (before) return before
      const terms = termsOf(words, pairList, grams, language === queryLanguage ? stem : createStemmer(language))
      known.set(language, terms)
      return terms
    },
  }
}

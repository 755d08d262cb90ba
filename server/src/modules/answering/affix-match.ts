import { createMatcher, isNumber, type Language, type Matcher } from '#modules/language'

/** Longer ones first: "and with the" before "with the" before "the". On folded words. */
const withArticle = ['وبال', 'فبال', 'ولل', 'وال', 'بال', 'كال', 'فال', 'لل', 'ال']
const particles = ['وس', 'فس', 'و', 'ف', 'ب', 'ل', 'ك', 'س']
const endings = 'تهما تهم تها هما كما ات ون ين ان ها هم هن كم نا وا ته تي يه ه ي ا ت'.split(' ')
const personPrefix = /^[يتنا]/
const weakLetters = /[اويء]/g

/** How many letters stay at least: with fewer, words with nothing in common become the same. */
const least = { article: 3, particle: 4, ending: 3, person: 4, consonants: 3 }

const withoutPrefix = (word: string, prefixes: readonly string[], left: number): string => {
  const prefix = prefixes.find((it) => word.startsWith(it) && word.length - it.length >= left)
  return prefix ? word.slice(prefix.length) : word
}

/** What is left of an Arabic word without conjunction, preposition, article, pronoun and endings of number and person. */
const coreOf = (word: string): string => {
  const afterArticle = withoutPrefix(word, withArticle, least.article)
  const begun = afterArticle === word ? withoutPrefix(word, particles, least.particle) : afterArticle
  const ending = endings.find((it) => begun.endsWith(it) && begun.length - it.length >= least.ending)
  const core = ending ? begun.slice(0, -ending.length) : begun
  return core.length > least.person && personPrefix.test(core) ? core.slice(1) : core
}

const sameCore = 0.9
const coreShare = 0.85
/** The same strong consonants: a verb and its noun, a singular and its broken plural. */
const sameConsonants = 0.6

/**
 * The soft match of language, in Arabic also by the words without their affixes: a preposition or a pronoun is written
 * into the word, and without this a sixth of the answerable questions was refused (docs/measurements.md, "Refusal").
 */
export const createAffixMatcher = (words: readonly string[], language: Language | null): Matcher => {
  const match = createMatcher(words, language)
  if (language !== 'ar') return match
  const cores = words.map(coreOf)
  const consonants = cores.map((core) => core.replace(weakLetters, ''))
  const matchCore = createMatcher(cores, null)
  const cache = new Map<string, readonly number[]>()
  const compare = (word: string): readonly number[] => {
    const written = match(word)
    if (isNumber(word)) return written
    const core = coreOf(word)
    const byCore = matchCore(core)
    const strong = core.replace(weakLetters, '')
    return written.map((value, at) => {
      const cored = byCore[at] === 1 ? sameCore : coreShare * (byCore[at] ?? 0)
      const rooted = strong.length >= least.consonants && strong === consonants[at] ? sameConsonants : 0
      return Math.max(value, cored, rooted)
    })
  }
  return (word) => {
    const known = cache.get(word) ?? compare(word)
    cache.set(word, known)
    return known
  }
}

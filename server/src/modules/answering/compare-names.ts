import { type Language, stopWords } from '#modules/language'
import type { ClaimWord } from './claim-words.ts'
import { type Comparison, type Finding, facing, finding, isNearWording, type Sides, written } from './comparison.ts'

const sentenceEnd = /[.:!?؟]/u
/** At this nearness a name of the claim is one of the page's (`Roms`, `British` beside `Britain`). */
const sameName = 0.7

const startsSentence = (words: readonly ClaimWord[], at: number): boolean =>
  at === 0 || sentenceEnd.test(words[at]?.gap ?? '')

/** Endings of German nouns that are no names. */
const nounEnding =
  /(?:ung|heit|keit|schaft|tion|tat|nis|tum|ismus|ling|chen|lein|ei|enz|anz|ik|ur|ment|mittel|werk|zeit|stoff|weise)(?:e[nrs]?|s|en)?$/
const beforeNouns = new Set(
  `der die das den dem des ein eine einer einem einen eines kein keine keinen sein seine seinen ihr ihre ihren dieser diese
  dieses viele einige alle mehrere zum zur im am beim vom ins ans`.split(/\s+/),
)

/** In German every noun has a capital: a name has no article and no noun's ending. */
const looksLikeGermanName = (words: readonly ClaimWord[], at: number): boolean => {
  const [word, before] = [words[at], words[at - 1]]
  if (!word || nounEnding.test(word.key)) return false
  return (
    before === undefined || before.isCapital || (!beforeNouns.has(before.key) && !/(?:e|en|er|es|em)$/.test(before.key))
  )
}

/** Words that are names by how they are written; Arabic has no capitals. */
const isName = (words: readonly ClaimWord[], at: number, language: Language | null): boolean => {
  const word = words[at]
  if (!word?.isCapital || word.value !== null || word.date || stopWords(language).has(word.key)) return false
  if (startsSentence(words, at) && words[at + 1]?.isCapital !== true) return false
  return language !== 'de' || looksLikeGermanName(words, at)
}

/** Peoples whose name does not begin like their country's. */
const peoples = new Map([
  ['french', 'france'],
  ['dutch', 'netherlands'],
  ['danish', 'denmark'],
  ['welsh', 'wales'],
  ['swiss', 'switzerland'],
  ['irish', 'ireland'],
])
const demonym = /(?:ish|ian|ean|ese|i)s?$/
const peopleHead = 3

/** `Spanish` beside `Spain`. */
const isPeople = (a: ClaimWord, b: ClaimWord): boolean =>
  peoples.get(a.key) === b.key ||
  peoples.get(b.key) === a.key ||
  (b.isCapital &&
    (demonym.test(a.key) || demonym.test(b.key)) &&
    a.key.slice(0, peopleHead) === b.key.slice(0, peopleHead))

const stands = ({ all, near }: Comparison, word: ClaimWord): boolean =>
  all.some(({ words }) => words.some((it) => near(word, it) >= sameName || isPeople(word, it)))

/** `USA` where the page says `United States of America`. */
const isAcronym = ({ all, text }: Comparison, word: ClaimWord): boolean => {
  const letters = text.slice(word.start, word.end)
  if (!/^\p{Lu}{2,6}$/u.test(letters)) return false
  return all.some(({ words }) => {
    const heads = words.filter(({ isCapital }) => isCapital).map(({ key }) => key.charAt(0))
    return heads.join('').includes(letters.toLowerCase())
  })
}

const isContent = (word: ClaimWord, language: Language | null): boolean =>
  word.key.length > 2 && word.value === null && !word.date && !stopWords(language).has(word.key)

const hasDigit = /\p{Nd}/u
const mostInName = 3

/**
 * A name of the page stands where the page has another one. In languages whose capitals tell no names any rare
 * word will do, when the page has it elsewhere.
 */
const exchanged = (comparison: Comparison): Finding[] => {
  const { script, language, text, best, all } = comparison
  if (!isNearWording(comparison)) return []
  const keys = new Set(all.flatMap(({ words }) => words.map(({ key }) => key)))
  const isNamed = (words: readonly ClaimWord[]): boolean =>
    words.some((word) => isContent(word, language)) &&
    words.every((word) => isContent(word, language) && (language === 'ar' || word.isCapital))
  const swaps = script.edits.filter(
    ({ said, page }) =>
      said.length > 0 &&
      page.length > 0 &&
      Math.max(said.length, page.length) <= mostInName &&
      isNamed(said) &&
      isNamed(page),
  )
  return swaps
    .filter(({ said }) => said.every(({ key }) => keys.has(key)))
    .map(({ said, page }) => finding('name', written(text, said), written(best.text, page), true))
}

interface NameRun {
  key: string
  from: number
  to: number
}

/** Capitalised words one after the other. */
const nameRuns = (words: readonly ClaimWord[], language: Language | null): NameRun[] => {
  const runs: NameRun[] = []
  words.forEach((word, at) => {
    if (!word.isCapital || !isContent(word, language)) return
    const last = runs.at(-1)
    if (last && last.to === at && word.gap === ' ')
      runs[runs.length - 1] = { ...last, key: `${last.key} ${word.key}`, to: at + 1 }
    else runs.push({ key: word.key, from: at, to: at + 1 })
  })
  return runs
}

const verbsBetween = (words: readonly ClaimWord[], a: NameRun, b: NameRun, language: Language | null): string[] =>
  words.slice(a.to, b.from).flatMap((word) => (!word.isCapital && isContent(word, language) ? [word.key] : []))

/**
 * Two names have changed places around a word that stands between them: `X beat Y`, `Y beat X`. Only in the page's own
 * words (a passive adds some), and where word order says who did it: German does not tell.
 */
const inverted = ({ claim, best, language, text }: Comparison): Finding[] => {
  if (language === 'de' || language === 'ar') return []
  const known = new Set(best.words.map(({ key }) => key))
  if (claim.some(({ key }) => !known.has(key))) return []
  const there = new Map(nameRuns(best.words, language).map((run) => [run.key, run]))
  const runs = nameRuns(claim, language)
  const couples = runs.flatMap((first, at) => runs.slice(at + 1).map((second) => ({ first, second })))
  return couples.flatMap(({ first, second }) => {
    const [one, other] = [there.get(second.key), there.get(first.key)]
    if (!one || !other || one.from > other.from) return []
    const verbs = verbsBetween(claim, first, second, language)
    if (!verbsBetween(best.words, one, other, language).some((verb) => verbs.includes(verb))) return []
    const said = written(text, claim.slice(first.from, second.to))
    return [finding('name', said, written(best.text, best.words.slice(one.from, other.to)), true)]
  })
}

export const compareNames = (comparison: Comparison): Finding[] => {
  const { claim, language, text } = comparison
  const strange = claim.filter(
    (word, at) => isName(claim, at, language) && !stands(comparison, word) && !isAcronym(comparison, word),
  )
  const isNear = isNearWording(comparison)
  // A free sentence in German has nouns of its own, and everywhere formulas have names (`CO2`).
  const missing = strange
    .filter(() => isNear || language !== 'de')
    .map((word) => {
      const said = written(text, [word])
      return finding('name', said, facing(comparison, word), isNear || !hasDigit.test(said))
    })
  return [...missing, ...exchanged(comparison), ...inverted(comparison)]
}

/** Whether a claim or its source has names at all. */
export const hasNames = ({ claim, best, language }: Sides): boolean =>
  claim.some((_, at) => isName(claim, at, language)) || best.words.some((_, at) => isName(best.words, at, language))

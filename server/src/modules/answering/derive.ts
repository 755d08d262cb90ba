/**
 * What we vouch for without a model: a claim that can be made from a sentence of the page by steps that keep it
 * true. Words stay as they are (numbers, dates and units in any notation); whole clauses may go, unless they
 * bind the rest; the last clause may come first. Everything else is doubt.
 */
import { type Language, stopWords } from '#modules/language'
import {
  alsos,
  alternatives,
  articles,
  binding,
  bindingHeads,
  choosers,
  complementizers,
  fillers,
  hanging,
  hiddenNegators,
  joiners,
  leaners,
  pairing,
  relatives,
} from './claim-vocabulary.ts'
import { type ClaimWord, saysSame } from './claim-words.ts'
import { negators } from './vocabulary.ts'

/** A mark that parts clauses; between two figures (`4:51`, `24–10`) or names (`Paris–Rome`) it joins. */
const clauseMark = /[()[\]—…]|[,;:–،؛].*\s|\s.*[,;:–،؛]|\s-\s/su
const promise = /:/

/** Whether a clause may begin at a word: a mark, or the sentence's beginning or end. */
const isBoundary = (words: readonly ClaimWord[], at: number): boolean =>
  at === 0 || at === words.length || clauseMark.test(words[at]?.gap ?? '')

const has = (words: readonly ClaimWord[], list: ReadonlySet<string>): boolean => words.some(({ key }) => list.has(key))

/** Fewer words than this are no statement that could stand without the rest. */
const leastKept = 3
const leastTail = 3
const leastApposition = 5

/** Whether a run of clauses binds the rest: a relative clause only by the clauses behind it. */
const binds = (words: readonly ClaimWord[], from: number, to: number, language: Language | null): boolean => {
  const clauses = words
    .slice(from, to)
    .flatMap((_, at) => (at === 0 || isBoundary(words, from + at) ? [from + at] : []))
  return clauses.some((start, at) => {
    const clause = words.slice(start, clauses[at + 1] ?? to)
    const [first] = clause
    if (from > 0 && relatives(language).has(first?.key ?? '')) return false
    return has(clause, binding(language)) || bindingHeads(language).has(first?.key ?? '')
  })
}

/** So many words from its beginning the pronoun of a relative clause stands: `two of which`. */
const pronounReach: Record<Language, number> = { en: 3, de: 2, ar: 1, id: 1 }

/**
 * Whether the clause that begins at a word tells about what stands right before it: `Ann, who met Bob, who fell` does
 * not say that Ann fell. German writes its articles like these pronouns; a noun shows them.
 */
export const isRelative = (words: readonly ClaimWord[], at: number, language: Language | null): boolean =>
  isBoundary(words, at) &&
  words
    .slice(at, at + pronounReach[language ?? 'en'])
    .some(
      ({ key }, reach) =>
        relatives(language).has(key) && !(articles(language).has(key) && words[at + reach + 1]?.isCapital === true),
    )

/** `Ann sang, and Bob played, danced all night` without its middle would say that Ann danced. */
const bringsSubject = (words: readonly ClaimWord[], from: number, to: number, language: Language | null): boolean =>
  from > 0 &&
  joiners(language).has(words[from]?.key ?? '') &&
  to < words.length &&
  !joiners(language).has(words[to]?.key ?? '')

/** Whether the sentence says of what is left no more without `words.slice(from, to)`. */
const mayGo = (words: readonly ClaimWord[], from: number, to: number, language: Language | null): boolean => {
  const [gone, before, after] = [words.slice(from, to), words.slice(0, from), words.slice(to)]
  if (before.length + after.length < leastKept) return false
  if (binds(words, from, to, language) || has(before.slice(-1), choosers(language))) return false
  if (isRelative(words, to, language) || bringsSubject(words, from, to, language)) return false
  if (has(after.slice(0, 1), complementizers(language)) || has(gone.slice(-1), complementizers(language))) return false
  if (has(after.slice(0, 2), alternatives(language)) || promise.test(after[0]?.gap ?? '')) return false
  return !has([...before, ...after], hanging(language))
}

/** A tail behind an "and": `has four chambers and beats ...`. */
const isJoinedTail = (words: readonly ClaimWord[], from: number, to: number, language: Language | null): boolean =>
  joiners(language).has(words[from]?.key ?? '') &&
  to === words.length &&
  to - from >= leastTail &&
  !has(words, pairing(language)) &&
  !has(words.slice(0, from), negators(language)) &&
  !has(words.slice(0, from), hiddenNegators(language))

/** For each word where a clause that may be dropped begins, the words where one may end: the first that stays, or the end. */
export const droppable = (words: readonly ClaimWord[], language: Language | null): number[][] => {
  const bounds = words.map((_, at) => at).filter((at) => isBoundary(words, at))
  const ends = [...bounds, words.length]
  return words.map((word, from) => {
    const isStart = isBoundary(words, from)
    const clauses = ends.filter(
      (to) => to > from && (isStart || isJoinedTail(words, from, to, language)) && mayGo(words, from, to, language),
    )
    return fillers(language).has(word.key) ? [...clauses, from + 1] : clauses
  })
}

const spread = (reached: boolean[], drops: readonly number[][]): void => {
  drops.forEach((ends, from) => {
    if (reached[from]) for (const to of ends) reached[to] = true
  })
}

/** Whether the claim is the sentence without some clauses. */
const isShortened = (claim: readonly ClaimWord[], words: readonly ClaimWord[], language: Language | null): boolean => {
  const drops = droppable(words, language)
  let reached: boolean[] = words.map((_, at) => at === 0)
  spread(reached, drops)
  for (const said of claim) {
    const next: boolean[] = alsos(language).has(said.key) ? [...reached] : []
    words.forEach((word, at) => {
      if (reached[at] && saysSame(said, word, language)) next[at + 1] = true
    })
    if (!next.some(Boolean)) return false
    reached = next
    spread(reached, drops)
  }
  return reached[words.length] === true
}

/** A statement that hangs on another one, and a name or apposition, cannot change places. */
const mayMove = (words: readonly ClaimWord[], language: Language | null): boolean => {
  const first = words[0]?.key ?? ''
  if (words.length < 2 || leaners(language).has(first)) return false
  if (articles(language).has(first) && words.length < leastApposition) return false
  if (words[1]?.value !== null || words[1]?.date) return true
  return words.some(({ key, isCapital, value }) => value === null && (!isCapital || stopWords(language).has(key)))
}

const withoutJoiner = (words: readonly ClaimWord[], language: Language | null): readonly ClaimWord[] =>
  joiners(language).has(words[0]?.key ?? '') ? words.slice(1) : words

/** German puts the verb second: what stood behind `Als er starb, war er` reads `Er war`. */
const verbSecond = (words: readonly ClaimWord[], language: Language | null): (readonly ClaimWord[])[] => {
  const [verb, ...rest] = words
  if (language !== 'de' || !verb || verb.isCapital) return [words]
  const moved = [1, 2, 3, 4]
    .filter((at) => at < rest.length)
    .map((at) => [...rest.slice(0, at), verb, ...rest.slice(at)])
  return [words, ...moved]
}

/** The sentence with its last clauses first, in every way that keeps it true. */
const turned = (words: readonly ClaimWord[], language: Language | null): ClaimWord[][] =>
  words.flatMap((word, at) => {
    if (at < 2 || !isBoundary(words, at) || promise.test(word.gap)) return []
    const [head, tail] = [words.slice(0, at), withoutJoiner(words.slice(at), language)]
    if (!mayMove(head, language) || !mayMove(tail, language)) return []
    return verbSecond(tail, language).map((first) => [
      ...first,
      ...head.map((it, place) => (place === 0 ? { ...it, gap: word.gap } : it)),
    ])
  })

/** Whether a claim says what a sentence says, or less, in its words. */
export const isDerived = (
  claim: readonly ClaimWord[],
  sentence: readonly ClaimWord[],
  language: Language | null,
): boolean => {
  const keys = new Set(sentence.flatMap(({ key, value }) => [key, value]))
  const strange = claim.filter(({ key, value }) => !keys.has(value ?? key)).length
  if (claim.length === 0 || strange > 2 + claim.length / 3) return false
  if (isShortened(claim, sentence, language)) return true
  const claims = [claim, ...withoutOneJoiner(claim, language)]
  return turned(sentence, language).some((words) => claims.some((it) => isShortened(it, words, language)))
}

/** A claim that was turned may join its parts with an "and" of its own. */
const withoutOneJoiner = (claim: readonly ClaimWord[], language: Language | null): ClaimWord[][] =>
  claim.flatMap(({ key, gap }, at) =>
    at > 0 && joiners(language).has(key) && clauseMark.test(gap) ? [claim.filter((_, index) => index !== at)] : [],
  )

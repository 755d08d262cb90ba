import { fold, type Language, tokenize } from '#modules/language'
import type { ScoredSentence } from './sentence-score.ts'
import { isHeading } from './shape.ts'
import type { Shortening } from './shorten.ts'
import { leaningWords } from './vocabulary.ts'

/** How long an answer may be (docs/measurements.md, "Answers"). */
export interface Room {
  sentences: number
  words: number
}
export const shortAnswer: Room = { sentences: 2, words: 60 }
export const listAnswer: Room = { sentences: 6, words: 180 }

/** Pairs are made of this many of the best sentences; further ones hardly ever stand in the best pair. */
const tried = 10
/** What is this much less likely to hold the answer than the best sentence adds more noise than answer. */
const leastOdds = 0.02
/** In a list, where several sentences answer together, less doubt is allowed. */
const leastOddsInList = 0.08

/** Whether a sentence cannot be understood without the one before it ("He ...", "This is called ..."). */
export const leans = (sentence: string, language: Language | null): boolean => {
  const first = tokenize(sentence.slice(0, 80))[0]?.word
  return first !== undefined && language !== null && leaningWords[language].has(first)
}

export interface Choosing {
  /** All sentences of each passage, in reading order. */
  byPassage: readonly (readonly ScoredSentence[])[]
  textOf: (sentence: ScoredSentence) => string
  /** How likely it is to hold the answer, from 0 to 1. */
  chanceOf: (sentence: ScoredSentence) => number
  isLeaning: (sentence: ScoredSentence) => boolean
  /** The ways to say less of it, shortest first. */
  shorten: (sentence: ScoredSentence) => readonly Shortening[]
}

/** A sentence that was chosen. */
export interface ChosenSentence extends ScoredSentence {
  /** What is said of it where the whole would be too long. */
  shortened?: string
}

const wordsOf = (sentences: readonly ScoredSentence[]): number => sentences.reduce((sum, { words }) => sum + words, 0)

const fits = (sentences: readonly ScoredSentence[], room: Room): boolean =>
  sentences.length <= room.sentences && wordsOf(sentences) <= room.words

/** A sentence with the one it leans on, where that one stands in the same passage. */
const withSupport = (sentence: ScoredSentence, { byPassage, isLeaning }: Choosing): ScoredSentence[] => {
  const before = byPassage[sentence.passage]?.[sentence.index - 1]
  return before && isLeaning(sentence) ? [before, sentence] : [sentence]
}

const asOne = (a: readonly ScoredSentence[], b: readonly ScoredSentence[]): ScoredSentence[] => [
  ...new Set([...a, ...b]),
]

/** Two documents may say the same in the same words. */
const repeats = (sentences: readonly ScoredSentence[], { textOf }: Choosing): boolean =>
  new Set(sentences.map((sentence) => fold(textOf(sentence)))).size < sentences.length

/** Each group on its own, then each two together. */
const pairsOf = (groups: readonly ScoredSentence[][]): ScoredSentence[][] => [
  ...groups,
  ...groups.flatMap((group, at) => groups.slice(at + 1).map((other) => asOne(group, other))),
]

/**
 * The sentences that together are likeliest to hold the answer, among those that fit: two that fit may say more than
 * a best one that leaves no room. Where two would fit without some of their clauses, what is left counts. A leaning
 * sentence comes with its support or, when both do not fit, not at all; the best sentence may also stand alone,
 * however long where it has no clause that may go.
 */
export const choosePair = (ranked: readonly ScoredSentence[], choosing: Choosing): ChosenSentence[] => {
  const [best] = ranked
  if (!best) return []
  const least = leastOdds * choosing.chanceOf(best)
  const groups = ranked
    .slice(0, tried)
    .filter((sentence) => choosing.chanceOf(sentence) >= least)
    .map((sentence) => withSupport(sentence, choosing))
  const alone = fitted([best], choosing) ?? asWhole([best], choosing)
  return likeliest(pairsOf(groups), choosing, alone)?.said ?? [best]
}

interface Weighed {
  said: ChosenSentence[]
  words: number
  value: number
}

const asWhole = (said: readonly ScoredSentence[], { chanceOf }: Choosing): Weighed => ({
  said: [...said],
  words: wordsOf(said),
  value: said.reduce((sum, sentence) => sum + chanceOf(sentence), 0),
})

/** A group whole, or without the clauses that cost the least; undefined when it does not fit even so. */
const fitted = (group: readonly ScoredSentence[], choosing: Choosing): Weighed | undefined => {
  const ways = group.map((sentence): Weighed[] => {
    const chance = choosing.chanceOf(sentence)
    const whole = { said: [sentence], words: sentence.words, value: chance }
    const shorter = choosing.shorten(sentence).map(({ text, words, worth }) => ({
      said: [{ ...sentence, words, shortened: text }],
      words,
      value: chance * worth,
    }))
    return [whole, ...shorter]
  })
  const together = ways.reduce((all, one) =>
    all.flatMap((a) =>
      one.map((b) => ({ said: [...a.said, ...b.said], words: a.words + b.words, value: a.value + b.value })),
    ),
  )
  return mostValuable(together.filter(({ words }) => words <= shortAnswer.words))
}

const mostValuable = (all: readonly Weighed[]): Weighed | undefined =>
  all.reduce<Weighed | undefined>((top, it) => (top && top.value >= it.value ? top : it), undefined)

/** Of the groups the one that fits, whole or shortened, with the most value; what is given when none has more. */
const likeliest = (groups: readonly ScoredSentence[][], choosing: Choosing, given?: Weighed): Weighed | undefined => {
  const weighed = groups
    .filter((group) => group.length <= shortAnswer.sentences && !repeats(group, choosing))
    .map((group) => asWhole(group, choosing))
  const fitting = weighed.filter(({ words }) => words <= shortAnswer.words)
  let top = mostValuable(given ? [given, ...fitting] : fitting)
  // Shortened a group is worth no more than whole: the rest need not be tried.
  for (const { said, value } of weighed.toSorted((a, b) => b.value - a.value)) {
    if (top && value <= top.value) break
    const shorter = fitted(said, choosing)
    if (shorter && shorter.value > (top?.value ?? 0)) top = shorter
  }
  return top
}

/** Of each side this many of the best sentences are tried. */
const triedPerSide = 6

/** A sentence for each side of a comparison, the likeliest two that fit; the best pair when a side has none. */
export const chooseSides = (
  ranked: readonly ScoredSentence[],
  choosing: Choosing,
  [isOnLeft, isOnRight]: [(sentence: ScoredSentence) => boolean, (sentence: ScoredSentence) => boolean],
): ScoredSentence[] => {
  const left = ranked.filter(isOnLeft).slice(0, triedPerSide)
  const right = ranked.filter(isOnRight).slice(0, triedPerSide)
  const pairs = left.flatMap((one) => right.map((other) => asOne([one], [other])))
  return likeliest(pairs, choosing)?.said ?? choosePair(ranked, choosing)
}

const outlineRoom: Room = { sentences: 12, words: 180 }

/** The headings of the passages, as many as there is room for; empty when there are not two. */
export const chooseHeadings = (sentences: readonly ScoredSentence[], { textOf }: Choosing): ScoredSentence[] => {
  const headings = sentences.filter((sentence) => isHeading(textOf(sentence)))
  const fitting = headings.filter((_, at) => fits(headings.slice(0, at + 1), outlineRoom))
  return fitting.length < 2 ? [] : fitting
}

/** The items that follow a sentence without a break. */
const itemsAfter = (
  sentence: ScoredSentence,
  { byPassage }: Choosing,
  isItem: (sentence: ScoredSentence) => boolean,
): readonly ScoredSentence[] => {
  const following = (byPassage[sentence.passage] ?? []).slice(sentence.index + 1)
  const end = following.findIndex((it) => !isItem(it))
  return end < 0 ? following : following.slice(0, end)
}

/** The best sentence with the items below it; then others while they are good and there is room. */
export const chooseList = (
  ranked: readonly ScoredSentence[],
  choosing: Choosing,
  isItem: (sentence: ScoredSentence) => boolean,
): ScoredSentence[] => {
  const [best] = ranked
  if (!best) return []
  let chosen: ScoredSentence[] = []
  const take = (group: readonly ScoredSentence[]): boolean => {
    const together = asOne(chosen, group)
    if (!fits(together, listAnswer) || repeats(together, choosing)) return false
    chosen = together
    return true
  }
  if (!take(withSupport(best, choosing)) && !take([best])) return [best]
  for (const item of itemsAfter(best, choosing, isItem)) if (!take([item])) break
  const least = leastOddsInList * choosing.chanceOf(best)
  for (const sentence of ranked) {
    if (choosing.chanceOf(sentence) < least) break
    take(withSupport(sentence, choosing))
  }
  return chosen
}

import {
  fourGrams,
  isNumber,
  type Language,
  type Matcher,
  type Range,
  splitSentences,
  stopWords,
  type Token,
  tokenize,
} from '#modules/language'
import type { QueryWeights } from '#modules/retrieval'
import { type Inquiry, isExpected, sameWord } from './question.ts'
import { shapeScore } from './shape.ts'
import { percentWords, reasonWords } from './vocabulary.ts'

export interface Asking {
  inquiry: Inquiry
  weights: QueryWeights
  match: Matcher
  /** The language of the passage. */
  language: Language | null
}

/** What speaks for a sentence, each a share from 0 to 1 or the logarithm of a count (docs/measurements.md, "Answers"). */
export interface Features {
  /** The share of the question's weight that the sentence matches near a word that could be the answer, fading over eight words. */
  proximity: number
  /** The same share with the two neighbours' words at 0.8. */
  around: number
  /** The same with the passage's first sentence alone, which says what the passage is about. */
  opening: number
  /** The passage's score as a share of the best one's. */
  share: number
  /** The chance of the passage among those read, as the re-ranker sees it. */
  chance: number
  /** The logarithm of that chance, which also tells the unlikely from the impossible. */
  chanceLog: number
  /** The share of the question's weight that stands there nearly word for word. */
  same: number
  /** The square of the share that it matches: the last part of a match tells less than the first. */
  coverSquare: number
  /** The share that it matches times its passage's chance. */
  likelyCover: number
  /** What the passage's headings match of the question's weight beyond the sentence. */
  heading: number
  /** The share of the question's 4-grams that the sentence has. */
  grams: number
  /** Log of 1 + how many of the question's words are missing. */
  missing: number
  /** Log of 1 + how many content words are not the question's. */
  fresh: number
  /** Log of 1 + how many words could be the answer. */
  candidates: number
  /** Log of 1 + the sentence's number in its passage. */
  place: number
  /** 1 when a date or number is asked for and there is one. */
  dated: number
  /** 1 when a time is asked for and a year is there. */
  year: number
  /** 1 when it has a number of the question. */
  numbers: number
  /** The share of the question's names that it has. Where the passage has them, the sentence that adds something says "he". */
  names: number
  /** How well it matches the noun behind the question word. */
  focus: number
  /** 1 when a reason is asked for and a word introduces one. */
  reason: number
  /** 1 when a percentage is asked for and there is one. */
  percent: number
  /** Log of 1 + its numbers, when the question asks for no certain kind of word: tables and statistics crowd in otherwise. */
  figures: number
  /** Log of 1 + its capitalised words, when a person is asked for. */
  people: number
}

/** A word of a sentence, and how likely the answer is to stand there. */
export interface Clue extends Range {
  /** All of a sentence's add up to 1. */
  worth: number
}

/** A sentence of a passage, `text.slice(start, end)` of the passage's text. */
export interface ReadSentence extends Range {
  /** Its number among the passage's sentences. */
  index: number
  /** Words as a reader counts them: what white space parts. */
  words: number
  /** Its best match with each word of the question, in their order. */
  matches: readonly number[]
  /** The share of the question's weight that the sentence matches. */
  cover: number
  /** The share of it that the whole passage matches. */
  passageCover: number
  features: Features
  /** Bonus or penalty for its shape. */
  shape: number
  /** Its words, as offsets in the sentence. */
  clues: readonly Clue[]
}

/** A question word this many tokens away still counts 1/e. */
const reach = 8
const fade = Math.exp(-1 / reach)
const neighbourShare = 0.8
const halfMatch = 0.5
const capital = /^\p{Lu}/u
const year = /^(?:1\d{3}|20\d{2})$/

const most = (values: readonly number[]): number => values.reduce((top, value) => Math.max(top, value), 0)
const flag = (holds: boolean): number => (holds ? 1 : 0)

/** Per token the best decayed match with one question word, in two passes. */
const decayed = (matches: readonly number[]): number[] => {
  const result = [...matches]
  for (let at = 1; at < result.length; at += 1) result[at] = Math.max(result[at] ?? 0, (result[at - 1] ?? 0) * fade)
  for (let at = result.length - 2; at >= 0; at -= 1) {
    result[at] = Math.max(result[at] ?? 0, (result[at + 1] ?? 0) * fade)
  }
  return result
}

/** A sentence on its own; `best` holds its best match with each word of the question. */
interface Alone extends Range {
  text: string
  tokens: Token[]
  best: number[]
  /** The tokens that are not the question's. */
  fresh: Token[]
  proximity: number
  candidates: number
  shape: number
  clues: Clue[]
}

/** So much less a word is worth that is not of the kind that is asked for. */
const unlikely = 0.02

/** The answer stands near the question's words: by the square of how much of them is near. */
const cluesOf = (tokens: readonly Token[], near: readonly number[], candidates: readonly boolean[]): Clue[] => {
  const odds = near.map((value, at) => (candidates[at] ? 1 : unlikely) * value ** 2)
  const total = odds.reduce((sum, value) => sum + value, 0)
  return tokens.map(({ start, end }, at) => ({
    start,
    end,
    worth: total > 0 ? (odds[at] ?? 0) / total : 1 / tokens.length,
  }))
}

const readAlone = (text: string, range: Range, { inquiry, weights, match, language }: Asking): Alone => {
  const sentence = text.slice(range.start, range.end)
  const tokens = tokenize(sentence)
  const stops = stopWords(language)
  const matches = tokens.map(({ word }) => match(word))
  const isNew = matches.map((row) => most(row) < sameWord)
  const candidates = tokens.map(({ word, start, end }, at) => {
    const candidate = { word, written: sentence.slice(start, end), isStop: stops.has(word), isFirst: at === 0 }
    return isNew[at] === true && isExpected(candidate, inquiry.asked, language)
  })
  const near = tokens.map(() => 0)
  const best = weights.words.map(({ weight }, question) => {
    const column = matches.map((row) => row[question] ?? 0)
    decayed(column).forEach((value, at) => {
      near[at] = (near[at] ?? 0) + weight * value
    })
    return most(column)
  })
  return {
    ...range,
    text: sentence,
    tokens,
    best,
    fresh: tokens.filter((_, at) => isNew[at]),
    proximity: most(near.filter((_, at) => candidates[at])),
    candidates: candidates.filter(Boolean).length,
    shape: shapeScore(sentence, tokens, matches, inquiry.aim),
    clues: cluesOf(tokens, near, candidates),
  }
}

const gramShare = (wanted: ReadonlySet<string>, tokens: readonly Token[]): number => {
  const here = new Set(tokens.flatMap(({ word }) => fourGrams(word)))
  return wanted.size === 0 ? 0 : [...wanted].filter((gram) => here.has(gram)).length / wanted.size
}

/** What depends on the kind of question alone; each is 0 for the other kinds. */
const kindFeatures = (
  it: Alone,
  { asked, wantsPercent }: Inquiry,
): Pick<Features, 'dated' | 'year' | 'reason' | 'percent' | 'figures' | 'people'> => ({
  dated: flag((asked === 'when' || asked === 'how_many') && it.candidates > 0),
  year: flag(asked === 'when' && it.fresh.some(({ word }) => year.test(word))),
  reason: flag(asked === 'why' && it.tokens.some(({ word }) => reasonWords.has(word))),
  percent: flag(wantsPercent && (it.text.includes('%') || it.tokens.some(({ word }) => percentWords.has(word)))),
  figures: asked === 'other' || asked === 'why' ? Math.log1p(it.fresh.filter(({ word }) => isNumber(word)).length) : 0,
  people:
    asked === 'who'
      ? Math.log1p(it.fresh.filter(({ start, end }) => start > 0 && capital.test(it.text.slice(start, end))).length)
      : 0,
})

/** What the question's own words say about a sentence. */
const wordFeatures = (
  { best }: Alone,
  { focus, numbers, names }: Inquiry,
): Pick<Features, 'numbers' | 'names' | 'focus' | 'missing'> => ({
  numbers: flag([...numbers].some((at) => best[at] === 1)),
  names: names.size === 0 ? 0 : [...names].reduce((sum, at) => sum + (best[at] ?? 0), 0) / names.size,
  focus: focus === null ? 0 : (best[focus] ?? 0),
  missing: Math.log1p(best.filter((value) => value < halfMatch).length),
})

/** How a passage stands among those read. */
export type Standing = Pick<Features, 'share' | 'chance'>

/** What is read of a passage. */
export interface ReadPassage {
  text: string
  headingPath: readonly string[]
}

/** A passage that the re-ranker rules out has a chance of nothing, whose logarithm would outweigh all else. */
const leastChance = 0.001

export const readSentences = (passage: ReadPassage, standing: Standing, asking: Asking): ReadSentence[] => {
  const { weights, inquiry, match } = asking
  const { text } = passage
  const alone = splitSentences(text, asking.language).map((range) => readAlone(text, range, asking))
  const total = weights.total || 1
  const weigh = (best: (word: number) => number): number =>
    weights.words.reduce((sum, { weight }, word) => sum + weight * best(word), 0) / total
  const passageCover = weigh((word) => most(alone.map(({ best }) => best[word] ?? 0)))
  const grams = new Set(weights.words.flatMap(({ word }) => fourGrams(word)))
  const stops = stopWords(asking.language)
  const titles = tokenize(passage.headingPath.join(' ')).map(({ word }) => match(word))
  const headings = weights.words.map((_, word) => most(titles.map((row) => row[word] ?? 0)))
  return alone.map((it, index) => {
    const own = (word: number): number => it.best[word] ?? 0
    const cover = weigh(own)
    const beside = (at: number, word: number): number => neighbourShare * (alone[at]?.best[word] ?? 0)
    return {
      start: it.start,
      end: it.end,
      index,
      words: it.text.split(/\s+/).length,
      matches: it.best,
      cover,
      passageCover,
      shape: it.shape,
      clues: it.clues,
      features: {
        proximity: it.proximity / total,
        around: weigh((word) => Math.max(own(word), beside(index - 1, word), beside(index + 1, word))),
        opening: weigh((word) => Math.max(own(word), beside(0, word))),
        share: standing.share,
        chance: standing.chance,
        chanceLog: Math.log(standing.chance + leastChance),
        same: weigh((word) => flag(own(word) >= sameWord)),
        coverSquare: cover ** 2,
        likelyCover: standing.chance * cover,
        heading: weigh((word) => Math.max(0, (headings[word] ?? 0) - own(word))),
        grams: gramShare(grams, it.tokens),
        fresh: Math.log1p(it.fresh.filter(({ word }) => !stops.has(word)).length),
        candidates: Math.log1p(it.candidates),
        place: Math.log1p(index),
        ...kindFeatures(it, inquiry),
        ...wordFeatures(it, inquiry),
      },
    }
  })
}

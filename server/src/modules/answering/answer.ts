import { isNumber, type Language, type Matcher, tokenize } from '#modules/language'
import type { QueryWeights } from '#modules/retrieval'
import { createAffixMatcher } from './affix-match.ts'
import { confidenceOf, leastConfidence, type Signals } from './confidence.ts'
import { aimOf, type Inquiry, readQuestion } from './question.ts'
import { checkReceipt } from './receipts.ts'
import {
  type Choosing,
  type ChosenSentence,
  chooseHeadings,
  chooseList,
  choosePair,
  chooseSides,
  leans,
} from './select.ts'
import { chancesAmong, type ScoredSentence, scoreSentences } from './sentence-score.ts'
import { isListItem } from './shape.ts'
import { type Shortening, shortenings } from './shorten.ts'
import { leadOf, standingOf } from './standing.ts'
import { requestWords } from './vocabulary.ts'

/** A passage that retrieval found; `text` is its page's text from `start` on. */
export interface Passage {
  chunkId: string
  documentId: string
  page: number
  /** UTF-16 offset of `text` in the page's text. */
  start: number
  text: string
  headingPath: readonly string[]
  score: number
  /** The re-ranker's score, where it read the passage; without it the passages are taken to be equally good. */
  stages?: { rerank?: number }
  /** The language it is written in; the question's when it is not known. */
  language?: Language | null
}

export interface AnswerSentence {
  /** Index of its passage in the passages given. */
  passage: number
  /** UTF-16 range in the page's text: `pageText.slice(start, end) === quote`. */
  start: number
  end: number
  /** The whole sentence as it stands on the page. */
  quote: string
  /** What is said of it: all, or without some clauses and with an ellipsis for each where two sentences would be too long. */
  text: string
}

export interface ExtractiveAnswer {
  refused: boolean
  /** From 0 to 1; comparable across languages and sizes of the scope. */
  confidence: number
  /** The share of the question's weight that the best sentence matches, from 0 to 1. */
  cover: number
  /** What the confidence was made of, to fit and to explain it by. */
  signals: Signals
  /** In reading order, a definition's first; empty when refused. At most two and 60 words, unless a list or an outline. */
  sentences: AnswerSentence[]
  /** The single best sentence, refused or not; null when the passages hold none. */
  best: AnswerSentence | null
  /** The best sentence of each of the best passages, to show when there is no answer. */
  nearest: AnswerSentence[]
}

export interface ExtractiveQuestion {
  question: string
  language: Language | null
  /** Best first, with the scores that the search gave. */
  passages: readonly Passage[]
  /** From the same search. */
  weights: QueryWeights
  /** Refuses below this confidence; the measured threshold when left out. */
  leastConfidence?: number
}

/** Sentences are looked for in this many passages (16 to 28 candidates in docs/measurements.md, "Answers"). */
export const maxPassages = 5
/** An outline is made of headings, which are few. */
const maxPassagesInOutline = 12
const maxNearest = 3

/** Without the words that only say what kind of answer is wanted, as long as others are left. */
const withoutRequest = ({ language, words }: QueryWeights, question: string): QueryWeights => {
  const isRequest = ['list', 'outline', 'comparison'].includes(aimOf(question))
  const topic = isRequest ? words.filter(({ word }) => !requestWords.has(word)) : words
  const kept = topic.length > 0 ? topic : words
  return { language, words: kept, total: kept.reduce((sum, { weight }) => sum + weight, 0) }
}

interface Reading {
  passages: readonly Passage[]
  inquiry: Inquiry
  weights: QueryWeights
  language: Language | null
}

const readPassages = ({ question, language, passages, weights: all }: ExtractiveQuestion): Reading => {
  const weights = withoutRequest(all, question)
  const words = weights.words.map(({ word }) => word)
  const inquiry = readQuestion(question, language, words)
  const limit = inquiry.aim === 'outline' ? maxPassagesInOutline : maxPassages
  return { passages: passages.slice(0, limit), inquiry, weights, language }
}

const scorePassages = ({ passages, inquiry, weights, language }: Reading): ScoredSentence[][] => {
  const words = weights.words.map(({ word }) => word)
  const matchers = new Map<Language | null, Matcher>()
  const standings = standingOf(passages)
  return passages.flatMap((passage, index) => {
    const standing = standings[index]
    if (!standing) return []
    const written = passage.language ?? language
    const match = matchers.get(written) ?? createAffixMatcher(words, written)
    matchers.set(written, match)
    return [scoreSentences(passage, { index, ...standing }, { inquiry, weights, match, language: written })]
  })
}

/** Overlapping chunks hold the same sentence twice: the first passage that has it keeps it. */
const withoutRepeats = (sentences: ScoredSentence[], passages: readonly Passage[]): ScoredSentence[] => {
  const seen = new Set<string>()
  return sentences.filter((sentence) => {
    const home = passages[sentence.passage]
    const key = `${home?.documentId} ${home?.page} ${(home?.start ?? 0) + sentence.start}`
    return seen.size < seen.add(key).size
  })
}

/** A heading names what the answer is about and says nothing; it counts where there is nothing else. */
const withoutHeadings = (sentences: ScoredSentence[], passages: readonly Passage[]): ScoredSentence[] => {
  const isHeading = (sentence: ScoredSentence): boolean =>
    passages[sentence.passage]?.headingPath.includes(present(sentence, passages).text.trim()) ?? false
  const others = sentences.filter((sentence) => !isHeading(sentence))
  return others.length > 0 ? others : sentences
}

const hasContent = (text: string): boolean => tokenize(text).some(({ word }) => word.length > 1 && !isNumber(word))

const present = (sentence: ChosenSentence, passages: readonly Passage[]): AnswerSentence => {
  const home = passages[sentence.passage]
  const offset = home?.start ?? 0
  const quote = home?.text.slice(sentence.start, sentence.end) ?? ''
  return {
    passage: sentence.passage,
    start: offset + sentence.start,
    end: offset + sentence.end,
    quote,
    text: sentence.shortened ?? quote,
  }
}

/** Documents in the order in which they were found, their sentences in the order of the pages. */
const readingOrder = (sentences: ChosenSentence[], passages: readonly Passage[]): ChosenSentence[] => {
  const rankOf = (documentId: string | undefined): number =>
    passages.findIndex((passage) => passage.documentId === documentId)
  return sentences.toSorted((a, b) => {
    const [homeA, homeB] = [passages[a.passage], passages[b.passage]]
    return (
      rankOf(homeA?.documentId) - rankOf(homeB?.documentId) ||
      (homeA?.page ?? 0) - (homeB?.page ?? 0) ||
      (homeA?.start ?? 0) + a.start - (homeB?.start ?? 0) - b.start
    )
  })
}

/** From this mean match on a sentence speaks about a side of a comparison. */
const onSide = 0.6

/** The sentences of an answer, in the order in which they are said. */
const choose = (ranked: ScoredSentence[], choosing: Choosing, { passages, inquiry }: Reading): ChosenSentence[] => {
  const isOn = (side: readonly number[]) => (sentence: ScoredSentence) =>
    side.reduce((sum, word) => sum + (sentence.matches[word] ?? 0), 0) >= onSide * side.length
  const isItem = (sentence: ScoredSentence): boolean => isListItem(choosing.textOf(sentence))
  const ordered = (chosen: ChosenSentence[]): ChosenSentence[] => readingOrder(chosen, passages)
  if (inquiry.aim === 'outline') {
    const headings = chooseHeadings(ordered(ranked), choosing)
    return headings.length > 0 ? headings : ordered(chooseList(ranked, choosing, isItem))
  }
  if (inquiry.aim === 'list') return ordered(chooseList(ranked, choosing, isItem))
  if (inquiry.sides) {
    const [left, right] = inquiry.sides
    return ordered(chooseSides(ranked, choosing, [isOn(left), isOn(right)]))
  }
  const chosen = ordered(choosePair(ranked, choosing))
  return inquiry.aim === 'definition' ? definingFirst(chosen, choosing) : chosen
}

/** The sentence that defines leads, unless it leans on the one before. */
const definingFirst = (chosen: ChosenSentence[], { isLeaning, chanceOf }: Choosing): ChosenSentence[] => {
  const [best] = chosen.toSorted((a, b) => chanceOf(b) - chanceOf(a))
  if (!best || isLeaning(best)) return chosen
  return [best, ...chosen.filter((sentence) => sentence !== best)]
}

/** Whether the check that a reader sees vouches for what is said of a sentence: it guesses the language anew. */
const isBorneOut = ({ passage, start, end, shortened }: ChosenSentence, passages: readonly Passage[]): boolean => {
  if (shortened === undefined) return true
  const pageText = passages[passage]?.text ?? ''
  const quote = pageText.slice(start, end)
  return checkReceipt({ sentence: shortened, quote, pageText, start, end }).verdict === 'supported'
}

/** A passage that matches less is as dense as if it matched this share: next to nothing is no ground for a ratio. */
const leastMatched = 0.2

/** The clauses near the question's words may hold the answer; the others are worth what they tell besides. */
const clueShare = 0.7

const shorten = ({ clues }: ScoredSentence, text: string, language: Language | null): Shortening[] =>
  shortenings({
    text,
    language,
    worthOf: (start, end) =>
      clues.reduce((sum, clue) => sum + (clue.start >= start && clue.end <= end ? clueShare * clue.worth : 0), 0) +
      ((1 - clueShare) * (end - start)) / text.length,
  })

const signalsOf = (
  { passages, weights: { total } }: Reading,
  byPassage: ScoredSentence[][],
  best: ScoredSentence | undefined,
): Signals => {
  const scores = passages.map(({ score }) => score)
  const top = scores.reduce((most, score) => Math.max(most, score), 0)
  const passage = byPassage[scores.indexOf(top)]?.[0]?.passageCover ?? 0
  const ratio = total > 0 ? top / total : 0
  return {
    passage,
    density: ratio / Math.max(leastMatched, passage),
    sentence: best?.score ?? 0,
    lead: leadOf(passages),
  }
}

/**
 * Answers with the best supporting sentences of the passages, in their words, or refuses. Pure: the same
 * passages give the same answer. It can tell that the material is about something else; that the material
 * answers just this question it cannot know (docs/measurements.md, "Refusal"), so the sentences are shown as quotes.
 */
export const answerExtractively = (input: ExtractiveQuestion): ExtractiveAnswer => {
  const reading = readPassages(input)
  const { passages } = reading
  const byPassage = scorePassages(reading)
  const textOf = (sentence: ScoredSentence): string => present(sentence, passages).text
  const all = withoutRepeats(byPassage.flat(), passages).filter((sentence) => hasContent(textOf(sentence)))
  const said = reading.inquiry.aim === 'outline' ? all : withoutHeadings(all, passages)
  const ranked = said.toSorted((a, b) => b.score - a.score || a.passage - b.passage || a.start - b.start)
  const nearest = passages.flatMap((_, index) => ranked.find(({ passage }) => passage === index) ?? [])
  const cover = ranked[0]?.cover ?? 0
  const signals = signalsOf(reading, byPassage, ranked[0])
  const confidence = confidenceOf(signals)
  const refused = ranked.length === 0 || confidence < (input.leastConfidence ?? leastConfidence)
  const chanceOf = chancesAmong(ranked)
  const languageOf = ({ passage }: ScoredSentence): Language | null => passages[passage]?.language ?? input.language
  const shortened = new Map<ScoredSentence, Shortening[]>()
  const choosing: Choosing = {
    byPassage,
    textOf,
    chanceOf,
    isLeaning: (sentence) => leans(textOf(sentence), languageOf(sentence)),
    shorten: (sentence) => {
      const known = shortened.get(sentence) ?? shorten(sentence, textOf(sentence), languageOf(sentence))
      shortened.set(sentence, known)
      return known
    },
  }
  const isProved = (sentence: ChosenSentence): boolean => isBorneOut(sentence, passages)
  const chosen = refused ? [] : choose(ranked, choosing, reading)
  const proved = chosen.every(isProved) ? chosen : choose(ranked, { ...choosing, shorten: () => [] }, reading)
  return {
    refused,
    confidence,
    cover,
    signals,
    sentences: proved.map((sentence) => present(sentence, passages)),
    best: ranked[0] ? present(ranked[0], passages) : null,
    nearest: nearest.slice(0, maxNearest).map((sentence) => present(sentence, passages)),
  }
}

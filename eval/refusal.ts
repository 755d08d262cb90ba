/** Whether the tutor tells a question that the material speaks about from one that it does not. */
import { answerExtractively } from '../server/src/modules/answering/index.ts'
import { ask, holdsGold } from './answers.ts'
import { indexParagraphs, joinIndexes, type MemoryIndex } from './memory-index.ts'
import { answerable as answerableOf, halfOf, type Question, type QuestionSet } from './sets.ts'

export interface Judged {
  /** What confidence is made of. */
  signals: ReturnType<typeof answerExtractively>['signals']
  /** The answer holds a gold answer, so that a question whose article is gone was answered by something else. */
  holdsGold: boolean
  confidence: number
  isAnswerable: boolean
}

const judge = (set: QuestionSet, index: MemoryIndex, questions: Question[], isAnswerable: boolean): Judged[] =>
  questions.map((question) => {
    const input = { question: question.text, language: set.language, ...ask(index, set, question.text) }
    const { confidence, signals, sentences } = answerExtractively(input)
    const holds = holdsGold(sentences, question)
    return { signals, holdsGold: holds, confidence, isAnswerable }
  })

/** Every second question is enough, and half the time. */
const answerable = (set: QuestionSet): Question[] => answerableOf(set).filter((_, at) => at % 2 === 0)

/**
 * Half the articles are indexed; their questions have an answer, those of the other half have none.
 * @param books what else is in the scope
 */
export const judgeHalf = (set: QuestionSet, indexed: 0 | 1, books?: MemoryIndex): Judged[] => {
  const paragraphs = set.paragraphs.filter(({ article }) => halfOf(article) === indexed)
  const own = indexParagraphs(paragraphs, set.language)
  const index = books ? joinIndexes(own, books) : own
  const here = answerable(set).filter(({ article }) => halfOf(article) === indexed)
  const elsewhere = answerable(set).filter(({ article }) => halfOf(article) !== indexed)
  return [...judge(set, index, here, true), ...judge(set, index, elsewhere, false)]
}

/**
 * The same in scopes of so many paragraphs: the questions of a scope, and as many of one far from it. One
 * threshold must hold for a single page, too.
 */
export const judgeScopes = (set: QuestionSet, half: 0 | 1, size: number): Judged[] => {
  const paragraphs = set.paragraphs.filter(({ article }) => halfOf(article) === half)
  const scopes = Array.from({ length: Math.ceil(paragraphs.length / size) }, (_, at) =>
    paragraphs.slice(at * size, (at + 1) * size),
  )
  const byParagraph = Map.groupBy(answerable(set), ({ paragraph }) => paragraph)
  const questionsOf = (at: number): Question[] =>
    (scopes[at % scopes.length] ?? []).flatMap(({ id }) => byParagraph.get(id) ?? [])
  const far = Math.floor(scopes.length / 2)
  return scopes.flatMap((scope, at) => {
    const index = indexParagraphs(scope, set.language)
    const here = questionsOf(at)
    const elsewhere = far > 0 ? questionsOf(at + far).slice(0, here.length + 3) : []
    return [...judge(set, index, here, true), ...judge(set, index, elsewhere, false)]
  })
}

/** Questions about what the material speaks of, twisted so that it does not answer them; of many every second one. */
export const judgeTwisted = (set: QuestionSet, half: 0 | 1): Judged[] => {
  const index = indexParagraphs(set.paragraphs, set.language)
  const of = (questions: Question[]): Question[] => questions.filter(({ article }) => halfOf(article) === half)
  const twisted = set.questions.filter(({ isImpossible }, at) => isImpossible && at % 2 === 0)
  return [...judge(set, index, of(answerable(set)), true), ...judge(set, index, of(twisted), false)]
}

/** The chance that an answerable question is given more confidence than one that is not. */
export const areaUnderCurve = (judged: readonly Judged[]): number => {
  const sorted = judged.toSorted((a, b) => a.confidence - b.confidence)
  let [rankSum, answerable] = [0, 0]
  for (let at = 0; at < sorted.length; ) {
    let end = at
    while (end < sorted.length && sorted[end]?.confidence === sorted[at]?.confidence) end += 1
    const ties = sorted.slice(at, end).filter(({ isAnswerable }) => isAnswerable).length
    rankSum += (ties * (at + 1 + end)) / 2
    answerable += ties
    at = end
  }
  return (rankSum - (answerable * (answerable + 1)) / 2) / (answerable * (sorted.length - answerable))
}

const shareUnder = (judged: Judged[], threshold: number): number =>
  judged.filter(({ confidence }) => confidence < threshold).length / judged.length

/** The threshold that refuses this share of the answerable questions. */
export const thresholdAt = (judged: readonly Judged[], share: number): number => {
  const sorted = judged.filter(({ isAnswerable }) => isAnswerable).map(({ confidence }) => confidence)
  sorted.sort((a, b) => a - b)
  return sorted[Math.floor(share * sorted.length)] ?? 0
}

/** @returns shares refused of the questions with and without an answer */
export const refusedAt = (judged: readonly Judged[], threshold: number): { lost: number; refused: number } => {
  const sides = Object.groupBy(judged, ({ isAnswerable }) => (isAnswerable ? 'yes' : 'no'))
  return { lost: shareUnder(sides.yes ?? [], threshold), refused: shareUnder(sides.no ?? [], threshold) }
}

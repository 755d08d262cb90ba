/** How often the extractive answer holds a gold answer. */
import { type AnswerSentence, answerExtractively, type Passage } from '../server/src/modules/answering/index.ts'
import { type QueryWeights, rerank, rerankDepth } from '../server/src/modules/retrieval/index.ts'
import { indexParagraphs, type MemoryIndex } from './memory-index.ts'
import { halfOf, type Question, type QuestionSet } from './sets.ts'

export interface Asked {
  passages: Passage[]
  weights: QueryWeights
}

/** What the tutor would be given: the best paragraphs in the re-ranker's order. */
export const ask = (index: MemoryIndex, set: QuestionSet, question: string): Asked => {
  const { hits, weights } = index.search(question, set.language, rerankDepth)
  const passages = hits.flatMap(({ ord, score }): Passage[] => {
    const paragraph = index.paragraphs[ord]
    if (!paragraph) return []
    const { id, text, language = set.language, headingPath = [] } = paragraph
    return [{ chunkId: id, documentId: id, page: 1, start: 0, text, headingPath, score, language }]
  })
  const { order, scores } = rerank({ query: question, language: weights.language, weights, passages })
  const ordered = order.flatMap((at): Passage[] => {
    const passage = passages[at]
    return passage ? [{ ...passage, stages: { rerank: scores[at] ?? 0 } }] : []
  })
  return { passages: ordered, weights }
}

/** Whether a sentence has one of the gold answers, letter for letter. */
export const holdsGold = (sentences: readonly AnswerSentence[], { answers }: Question): boolean =>
  answers.some((answer) => answer !== '' && sentences.some(({ text }) => text.includes(answer)))

export interface AnswerShares {
  questions: number
  /** The best sentence alone, whether the tutor would have refused or not. */
  one: number
  /** At most two sentences, whether the tutor would have refused or not. */
  two: number
  /** The answer as the learner sees it. */
  given: number
  refused: number
  meanSentences: number
}

export const answerShares = (set: QuestionSet, half: 0 | 1): AnswerShares => {
  const index = indexParagraphs(set.paragraphs, set.language)
  const questions = set.questions.filter(({ isImpossible, article }) => !isImpossible && halfOf(article) === half)
  const counts = { one: 0, two: 0, given: 0, refused: 0, sentences: 0 }
  for (const question of questions) {
    const { passages, weights } = ask(index, set, question.text)
    const input = { question: question.text, language: set.language, passages, weights }
    const answer = answerExtractively(input)
    const always = answerExtractively({ ...input, leastConfidence: 0 })
    counts.sentences += always.sentences.length
    counts.refused += answer.refused ? 1 : 0
    counts.one += always.best && holdsGold([always.best], question) ? 1 : 0
    counts.two += holdsGold(always.sentences, question) ? 1 : 0
    counts.given += holdsGold(answer.sentences, question) ? 1 : 0
  }
  const total = questions.length
  return {
    questions: total,
    one: counts.one / total,
    two: counts.two / total,
    given: counts.given / total,
    refused: counts.refused / total,
    meanSentences: counts.sentences / total,
  }
}

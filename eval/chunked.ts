/** The same material as the product cuts it: each article one page, its title the heading. */
import type { Language } from '../server/src/modules/language/index.ts'
import { chunkPages, type Heading } from '../server/src/modules/retrieval/index.ts'
import type { Paragraph, Question, QuestionSet } from './sets.ts'

interface Place {
  start: number
  end: number
}

interface Cut {
  chunks: (Paragraph & Place)[]
  /** Where each paragraph begins on its article's page. */
  starts: Map<string, number>
}

const cutArticle = (paragraphs: readonly Paragraph[], language: Language): Cut => {
  const starts = new Map<string, number>()
  const headings: Heading[] = []
  let [text, path]: [string, readonly string[]] = ['', []]
  for (const paragraph of paragraphs) {
    const own = paragraph.headingPath ?? []
    own.forEach((title, depth) => {
      if (path[depth] === title) return
      headings.push({ text: title, level: depth + 1, start: text.length, end: text.length + title.length })
      text += `${title}\n\n`
    })
    path = own
    starts.set(paragraph.id, text.length)
    text += `${paragraph.text}\n\n`
  }
  const article = paragraphs[0]?.article ?? ''
  const chunks = chunkPages([{ number: 1, text, headings }], paragraphs[0]?.language ?? language)
  return {
    starts,
    chunks: chunks.map((chunk, at) => ({ ...chunk, id: `${article}#${at}`, article, language })),
  }
}

const cutAll = (paragraphs: readonly Paragraph[], language: Language): Cut => {
  const cuts = [...Map.groupBy(paragraphs, ({ article }) => article).values()].map((of) => cutArticle(of, language))
  return {
    chunks: cuts.flatMap(({ chunks }) => chunks),
    starts: new Map(cuts.flatMap(({ starts }) => [...starts])),
  }
}

export const cutBooks = (paragraphs: readonly Paragraph[]): Paragraph[] => cutAll(paragraphs, 'en').chunks

/** The set in passages; gold is every passage that holds the whole first answer. */
export const cutSet = (set: QuestionSet): QuestionSet => {
  const { chunks, starts } = cutAll(set.paragraphs, set.language)
  const byArticle = Map.groupBy(chunks, ({ article }) => article)
  const questions = set.questions.map((question): Question => {
    const from = (starts.get(question.paragraph) ?? 0) + question.start
    const until = from + (question.answers[0]?.length ?? 0)
    const holding = (byArticle.get(question.article) ?? []).filter(({ start, end }) => start <= from && until <= end)
    const [paragraph = '', ...others] = holding.map(({ id }) => id)
    return { ...question, paragraph, others }
  })
  return { ...set, paragraphs: chunks, questions }
}

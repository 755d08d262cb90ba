import type { Language } from '#modules/language'
import { buildSegments, chunkPages, planQuery, scoreSegments } from '#modules/retrieval'
import { decodeChunkTable } from '../retrieval/postings.ts'
import { answerExtractively, type ExtractiveAnswer } from './index.ts'

/** Pages in, answer out: the whole way but the database. */
export const askPages = (pages: string[], question: string, language: Language | null): ExtractiveAnswer => {
  const chunks = chunkPages(
    pages.map((text, at) => ({ number: at + 1, text, headings: [] })),
    language,
  )
  const views = buildSegments(chunks.map((chunk, ord) => ({ ...chunk, ord, language }))).map((segment) => ({
    language: segment.language,
    bits: segment.bits,
    table: decodeChunkTable(segment.chunkTable),
    row: (bucket: number) => segment.rows.get(bucket),
  }))
  const { hits, weights } = scoreSegments(planQuery(question, language), views, 12)
  const passages = hits.flatMap(({ ord, score }) => {
    const chunk = chunks[ord]
    return chunk ? [{ ...chunk, chunkId: String(ord), documentId: 'd', score, language }] : []
  })
  return answerExtractively({ question, language, passages, weights })
}

/** The product's own index and scorer over paragraphs in memory. */
import type { Language } from '../server/src/modules/language/index.ts'
import {
  buildSegments,
  planQuery,
  type QueryWeights,
  type ScoredChunk,
  type SegmentView,
  scoreSegments,
} from '../server/src/modules/retrieval/index.ts'
import { decodeChunkTable } from '../server/src/modules/retrieval/postings.ts'
import type { Recipe } from '../server/src/modules/retrieval/recipe.ts'
import type { Paragraph } from './sets.ts'

/** A segment, and which paragraph each of its chunks is. */
interface Part {
  view: SegmentView
  places: ReadonlyMap<number, number>
}

export interface MemoryIndex {
  paragraphs: Paragraph[]
  parts: Part[]
  /**
   * @param language whose question words are dropped
   * @returns hits whose `ord` is the paragraph's index
   */
  search: (
    query: string,
    language: Language,
    limit: number,
    using?: Recipe,
  ) => { hits: ScoredChunk[]; weights: QueryWeights }
}

const indexOf = (paragraphs: Paragraph[], parts: Part[]): MemoryIndex => {
  const views = parts.map(({ view }) => view)
  return {
    paragraphs,
    parts,
    search: (query, language, limit, using) => {
      const { hits, weights } = scoreSegments(planQuery(query, language), views, limit, using)
      return { hits: hits.map((hit) => ({ ...hit, ord: parts[hit.segment]?.places.get(hit.ord) ?? -1 })), weights }
    },
  }
}

/**
 * Paragraphs of one article that follow each other are one document; between documents a number is left out, so that
 * none is taken for the neighbour of another's.
 * @param language the stemmer's, where a paragraph names none of its own; null indexes plain words
 */
export const indexParagraphs = (
  paragraphs: Paragraph[],
  language: Language | null,
  withHeadings = false,
): MemoryIndex => {
  const places = new Map<number, number>()
  let ord = -1
  const chunks = paragraphs.map((paragraph, index) => {
    ord += paragraph.article === paragraphs[index - 1]?.article ? 1 : 2
    places.set(ord, index)
    return {
      ord,
      text: paragraph.text,
      headingPath: withHeadings ? (paragraph.headingPath ?? []) : [],
      language: language === null ? null : (paragraph.language ?? language),
    }
  })
  const parts = buildSegments(chunks).map((segment): Part => {
    const view = {
      language: segment.language,
      bits: segment.bits,
      table: decodeChunkTable(segment.chunkTable),
      row: (bucket: number) => segment.rows.get(bucket),
    }
    return { view, places }
  })
  return indexOf(paragraphs, parts)
}

/** Two indexes searched as one. */
export const joinIndexes = (first: MemoryIndex, second: MemoryIndex): MemoryIndex => {
  const shift = first.paragraphs.length
  const shifted = second.parts.map(({ view, places }) => ({
    view,
    places: new Map([...places].map(([ord, index]) => [ord, index + shift])),
  }))
  return indexOf([...first.paragraphs, ...second.paragraphs], [...first.parts, ...shifted])
}

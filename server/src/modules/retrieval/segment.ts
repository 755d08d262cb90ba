import type { Language } from '#modules/language'
import { type ChunkTable, emptyTable, encodeChunkTable, encodeRows } from './postings.ts'
import { TermCollector, type TermLists } from './term-lists.ts'
import { createTermReader } from './terms.ts'

/** A chunk as the index takes it: its place in the document, its text, the headings above it. */
export interface IndexedChunk {
  ord: number
  text: string
  headingPath: readonly string[]
  language: Language | null
}

/** A segment ready to be stored: rows by bucket, and the table of its chunks. All its chunks are in one language. */
export interface EncodedSegment {
  language: Language | null
  bits: number
  chunkCount: number
  chunkTable: Uint8Array
  rows: Map<number, Uint8Array>
}

/** Ordinals stay under 14 bits, so that a posting takes one or two bytes (docs/measurements.md, "Index"). */
export const maxSegmentChunks = 8_192
const termsPerRow = 12

/** Rows as a power of two, so that some 12 terms share one (docs/measurements.md, "Index"). */
const bitsFor = (distinctTerms: number): number =>
  Math.min(14, Math.max(4, Math.round(Math.log2(Math.max(1, distinctTerms / termsPerRow)))))

/** The text under which a chunk is found: the headings count with it (+0.1 to +1.8 points top-1). */
const searchText = ({ headingPath, text }: IndexedChunk): string => [...headingPath, text].join('\n')

/**
 * A segment of chunks and the lists of their terms, each term in one part. Terms of one row must stand in one part: those
 * whose hashes share their low four bits do.
 */
export const packSegment = (
  language: Language | null,
  table: ChunkTable,
  parts: readonly TermLists[],
): EncodedSegment => {
  const bits = bitsFor(parts.reduce((sum, { hashes }) => sum + hashes.length, 0))
  return {
    language,
    bits,
    chunkCount: table.ords.length,
    chunkTable: encodeChunkTable(table),
    rows: new Map(parts.flatMap((part) => [...encodeRows(part, bits)])),
  }
}

const encodeSegment = (chunks: IndexedChunk[], language: Language | null): EncodedSegment => {
  const terms = new TermCollector()
  const readTerms = createTermReader(language, terms)
  const table = emptyTable(chunks.length)
  chunks.forEach((chunk, ordinal) => {
    const lengths = readTerms(searchText(chunk), ordinal)
    table.ords[ordinal] = chunk.ord
    table.stems[ordinal] = lengths.stems
    table.grams[ordinal] = lengths.grams
    table.bigrams[ordinal] = lengths.bigrams
  })
  return packSegment(language, table, [terms.lists()])
}

/** The segments of one document version: one per language, more when there are over 8,192 chunks. Deterministic. */
export const buildSegments = (chunks: readonly IndexedChunk[]): EncodedSegment[] => {
  const byLanguage = Map.groupBy(
    chunks.toSorted((a, b) => a.ord - b.ord),
    ({ language }) => language,
  )
  const segments: EncodedSegment[] = []
  for (const [language, all] of byLanguage) {
    for (let at = 0; at < all.length; at += maxSegmentChunks) {
      segments.push(encodeSegment(all.slice(at, at + maxSegmentChunks), language))
    }
  }
  return segments
}

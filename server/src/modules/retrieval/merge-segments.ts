/** Many segments into one, or one without its dead chunks: from their bytes alone, without the text. */
import type { Language } from '#modules/language'
import { type ChunkTable, decodeChunkTable, emptyTable, listsOf, readList } from './postings.ts'
import { splitRows } from './row-parts.ts'
import { type EncodedSegment, packSegment } from './segment.ts'
import { TermCollector, type TermLists } from './term-lists.ts'

/** Chunks of a segment that stay: those of one document. */
export interface Run {
  firstOrdinal: number
  chunkCount: number
}

/** A segment to be merged. */
export interface MergeSource {
  bits: number
  chunkTable: Uint8Array
  /** Its posting rows, each under its bucket, as `joinedByBucket` joins them. */
  rows: Uint8Array
  /** What stays of it, by ordinal ascending. What no run names is left behind. */
  runs: readonly Run[]
}

export interface SegmentsToMerge {
  language: Language | null
  sources: readonly MergeSource[]
}

/** For each ordinal of a source its ordinal in the merged segment plus 1; 0 where the chunk stays behind. */
type Renumbering = Uint16Array

/** Lowest bits of a bucket: every segment has at least as many (`bitsFor`), so that a term's rows share them everywhere. */
const partitionBits = 4

/** Takes the rows of a source apart, so that a partition can be merged without holding the lists of all. */
const partitionsOf = ({ rows }: MergeSource): [bucket: number, row: Uint8Array][][] => {
  const partitions = Array.from({ length: 1 << partitionBits }, (): [number, Uint8Array][] => [])
  for (const [bucket, row] of splitRows(rows)) partitions[bucket % partitions.length]?.push([bucket, row])
  return partitions
}

interface OpenSource {
  bits: number
  renumbering: Renumbering
  partitions: [bucket: number, row: Uint8Array][][]
}

const columns = ['ords', 'stems', 'grams', 'bigrams'] as const

/** Copies the chunks that stay into the merged table, from `next` on, and says what became of each. */
const moveChunks = (source: MergeSource, table: ChunkTable, next: number): Renumbering => {
  const from = decodeChunkTable(source.chunkTable)
  const renumbering = new Uint16Array(from.ords.length)
  let to = next
  for (const { firstOrdinal, chunkCount } of source.runs) {
    const until = firstOrdinal + chunkCount
    for (const column of columns) table[column].set(from[column].subarray(firstOrdinal, until), to)
    for (let ordinal = firstOrdinal; ordinal < until; ordinal += 1) {
      to += 1
      renumbering[ordinal] = to
    }
  }
  return renumbering
}

/** Adds the postings of a row, those of dead chunks left out. */
const addRow = (terms: TermCollector, { bits, renumbering }: OpenSource, [bucket, row]: [number, Uint8Array]): void => {
  const whole = { first: 0, count: renumbering.length }
  for (const [hash, list] of listsOf(row, bits, bucket)) {
    const { ordinals, frequencies } = readList(list, whole)
    for (let at = 0; at < ordinals.length; at += 1) {
      const renumbered = renumbering[ordinals[at] ?? 0] ?? 0
      if (renumbered > 0) terms.add(hash, renumbered - 1, frequencies[at] ?? 0)
    }
  }
}

/** Merges what the sources have of the same terms; the chunks keep the order of the sources. Deterministic. */
export const mergeSegments = ({ language, sources }: SegmentsToMerge): EncodedSegment => {
  const table = emptyTable(sources.reduce((sum, { runs }) => sum + countOf(runs), 0))
  let next = 0
  const opened = sources.map((source): OpenSource => {
    const renumbering = moveChunks(source, table, next)
    next += countOf(source.runs)
    return { bits: source.bits, renumbering, partitions: partitionsOf(source) }
  })
  const parts: TermLists[] = []
  for (let partition = 0; partition < 1 << partitionBits; partition += 1) {
    const terms = new TermCollector()
    for (const source of opened) {
      for (const row of source.partitions[partition] ?? []) addRow(terms, source, row)
    }
    parts.push(terms.lists())
  }
  return packSegment(language, table, parts)
}

export const countOf = (runs: readonly Run[]): number => runs.reduce((sum, { chunkCount }) => sum + chunkCount, 0)

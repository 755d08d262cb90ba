import { asLanguage, type Language } from '#modules/language'
import type { Database, Scope } from '#platform/db/index.ts'
import { countOf } from './merge-segments.ts'
import { bucketOf, type ChunkTable, chunkBytes, decodeChunkTable } from './postings.ts'
import { planQuery, type QueryPlan } from './query.ts'
import type { RowCache } from './row-cache.ts'
import { byBits, joinedBySegment, splitRows } from './row-parts.ts'
import { type QueryWeights, type ScoredChunk, type SegmentView, scoreSegments } from './score.ts'
import type { DocumentLine } from './stored-segments.ts'
import type { PerFamily } from './terms.ts'

interface IndexScope {
  /** Who asks. */
  scope: Scope
  /** Where, resolved by the caller to documents that the person may read. */
  documentIds: readonly string[]
}

export interface Search extends IndexScope {
  query: string
  /** The question's language when it is known; guessed otherwise. */
  language?: Language | null
  limit: number
}

export interface IndexHit {
  documentId: string
  versionId: string
  /** The chunk's place in the document version. */
  ord: number
  score: number
  families: PerFamily
}

export interface IndexAnswer {
  hits: IndexHit[]
  /** What the question's words weigh in this scope: for refusal and for choosing sentences. */
  weights: QueryWeights
}

/** A segment that has chunks in scope; its lines are those of the documents in scope alone. */
interface SegmentRecord {
  id: number
  language: Language | null
  bits: number
  /** The chunks from the first in scope to the last: what lies outside is not read. */
  first: number
  table: ChunkTable
  lines: DocumentLine[]
}

interface SegmentRow {
  id: number
  language: string | null
  bits: number
  first: number
  chunkTable: Buffer
  /** {document, version, first ordinal, chunks} one after the other, by ordinal: 16, 16, 4 and 4 bytes. */
  lines: Buffer
}

/** `$1` is the institution, `$2` the documents. */
const segmentsText = `
  select s.id, s.language, s.bits, d.first,
    substring(s.chunk_table for 1)
      || substring(s.chunk_table from 2 + ${chunkBytes} * d.first for ${chunkBytes} * (d.until - d.first)) as "chunkTable",
    d.lines
  from (
    select segment_id, min(first_ordinal) as first, max(first_ordinal + chunk_count) as until,
      string_agg(uuid_send(document_id) || uuid_send(version_id) || int4send(first_ordinal)
        || int4send(chunk_count), ''::bytea order by first_ordinal) as lines
    from lexical_documents
    where institution_id = $1::uuid and document_id = any($2::uuid[])
    group by segment_id
  ) d join lexical_segments s on s.id = d.segment_id
  where s.institution_id = $1::uuid
  order by s.id`

const readSegments = async (db: Database, { scope, documentIds }: IndexScope): Promise<SegmentRecord[]> => {
  const [found = []] = await db.batch(scope, [{ text: segmentsText, params: [scope.institutionId, [...documentIds]] }])
  return (found as unknown as SegmentRow[]).map(({ id, language, bits, first, chunkTable, lines }) => ({
    id,
    language: asLanguage(language),
    bits,
    first,
    table: decodeChunkTable(chunkTable),
    lines: splitLines(lines),
  }))
}

const lineBytes = 40

const splitLines = (joined: Buffer): DocumentLine[] =>
  Array.from({ length: joined.length / lineBytes }, (_, line) => {
    const at = line * lineBytes
    return {
      documentId: asUuid(joined.toString('hex', at, at + 16)),
      versionId: asUuid(joined.toString('hex', at + 16, at + 32)),
      firstOrdinal: joined.readInt32BE(at + 32),
      chunkCount: joined.readInt32BE(at + 36),
    }
  })

const asUuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`

/** Rows of some segments of one size that are still to be read. */
interface MissingRows {
  bits: number
  buckets: number[]
  segmentIds: number[]
}

/** The buckets in which a segment of a size would have the question's terms. */
const bucketsOf = (segments: readonly SegmentRecord[], bits: number, plan: QueryPlan): number[] => {
  const languages = new Set(segments.map(({ language }) => language))
  const terms = [...languages].flatMap((language) => plan.termsIn(language))
  return [...new Set(terms.map(({ hash }) => bucketOf(hash, bits)))]
}

/** Posting rows by segment, then by bucket; null where a segment has none. */
type PostingRows = Map<number, Map<number, Uint8Array | null>>

const placeRow = (postings: PostingRows, segmentId: number, bucket: number, row: Uint8Array | null): void => {
  const ofSegment = postings.get(segmentId)
  if (ofSegment) ofSegment.set(bucket, row)
  else postings.set(segmentId, new Map([[bucket, row]]))
}

/** Takes from the cache what it has. @returns what it does not have */
const takeKept = (
  segments: readonly SegmentRecord[],
  { plan, cache, postings }: { plan: QueryPlan; cache: RowCache | undefined; postings: PostingRows },
): MissingRows[] =>
  byBits(segments).flatMap(([bits, alike]) => {
    const wanted = bucketsOf(alike, bits, plan)
    const [buckets, segmentIds] = [new Set<number>(), new Set<number>()]
    for (const { id } of alike) {
      for (const bucket of wanted) {
        const row = cache?.get(id, bucket)
        if (row !== undefined) placeRow(postings, id, bucket, row)
        else {
          buckets.add(bucket)
          segmentIds.add(id)
        }
      }
    }
    return buckets.size > 0 ? [{ bits, buckets: [...buckets], segmentIds: [...segmentIds] }] : []
  })

/** The rows of one size, those of each bucket in one value. `$1` is the institution, from `$at` on stand the others. */
const rowsText = (at: number): string => `
  select bucket, ${joinedBySegment} as joined
  from lexical_postings
  where institution_id = $1::uuid and bits = $${at}::smallint
    and bucket = any($${at + 1}::integer[]) and segment_id = any($${at + 2}::integer[])
  group by bucket`

/** Stands for a bucket in the row that says how many of the segments are still there. */
const countRow = -1

/** Puts what was read in its place. @returns how many of the segments are still there */
const placeRows = (postings: PostingRows, found: readonly { bucket: number; joined: Buffer }[]): number => {
  let presentCount = 0
  for (const { bucket, joined } of found) {
    if (bucket === countRow) presentCount = joined.readInt32BE(0)
    else for (const [segmentId, row] of splitRows(joined)) placeRow(postings, segmentId, bucket, row)
  }
  return presentCount
}

/** @returns whether all segments were still there: if not, rows may be missing */
const readRows = async (
  db: Database,
  scope: Scope,
  { ids, missing, postings }: { ids: number[]; missing: MissingRows[]; postings: PostingRows },
): Promise<boolean> => {
  const texts = missing.map((_, at) => rowsText(3 + 3 * at))
  const present = `select ${countRow}::integer, int4send(count(*)::integer) from lexical_segments
    where institution_id = $1::uuid and id = any($2::integer[])`
  const values = missing.flatMap(({ bits, buckets, segmentIds }) => [bits, buckets, segmentIds])
  // One statement: it sees one state of the index.
  const statement = { text: [...texts, present].join(' union all '), params: [scope.institutionId, ids, ...values] }
  const [found = []] = await db.batch(scope, [statement])
  for (const { buckets, segmentIds } of missing) {
    for (const id of segmentIds) for (const bucket of buckets) placeRow(postings, id, bucket, null)
  }
  return placeRows(postings, found as unknown as { bucket: number; joined: Buffer }[]) === ids.length
}

const keepRows = (cache: RowCache, missing: readonly MissingRows[], postings: PostingRows): void => {
  for (const { buckets, segmentIds } of missing) {
    for (const id of segmentIds)
      for (const bucket of buckets) cache.keep(id, bucket, postings.get(id)?.get(bucket) ?? null)
  }
}

/** Which of the chunks between the first and the last in scope are in scope; nothing when all are. */
const scopeOf = ({ first, table, lines }: SegmentRecord): { inScope?: Uint8Array } => {
  const count = table.ords.length
  if (countOf(lines) === count) return {}
  const inScope = new Uint8Array(count)
  for (const { firstOrdinal, chunkCount } of lines) {
    inScope.fill(1, firstOrdinal - first, firstOrdinal - first + chunkCount)
  }
  return { inScope }
}

const viewOf = (segment: SegmentRecord, postings: PostingRows): SegmentView => {
  const { id, language, bits, first, table } = segment
  const ofSegment = postings.get(id)
  return { language, bits, first, table, row: (bucket) => ofSegment?.get(bucket) ?? undefined, ...scopeOf(segment) }
}

interface IndexPart {
  segments: SegmentRecord[]
  postings: PostingRows
}

/** How often it is read anew because a merge came between: merges of one institution are seconds apart. */
const readTries = 5

/**
 * The segments of the scope with the rows that the question needs: one flight, and a second one for rows that are not
 * kept. Each sees one state of the index; when a merge was committed between them, the second finds segments gone, and
 * both are made again.
 */
const readIndex = async (
  db: Database,
  { within, plan, cache }: { within: IndexScope; plan: QueryPlan; cache: RowCache | undefined },
  tries = readTries,
): Promise<IndexPart> => {
  const segments = within.documentIds.length > 0 ? await readSegments(db, within) : []
  const postings: PostingRows = new Map()
  if (plan.slotCount === 0) return { segments, postings }
  const missing = takeKept(segments, { plan, cache, postings })
  if (missing.length === 0) return { segments, postings }
  const ids = segments.map(({ id }) => id)
  if (await readRows(db, within.scope, { ids, missing, postings })) {
    if (cache) keepRows(cache, missing, postings)
    return { segments, postings }
  }
  if (tries <= 1) throw new Error('The index was merged again and again while it was read')
  return readIndex(db, { within, plan, cache }, tries - 1)
}

/**
 * The best chunks for a question among the given documents, by recipe R. With a cache the rows that other questions
 * needed are not read again.
 */
export const searchIndex = async (db: Database, search: Search, cache?: RowCache): Promise<IndexAnswer> => {
  const plan = planQuery(search.query, search.language)
  const { segments, postings } = await readIndex(db, { within: search, plan, cache })
  const views = segments.map((segment) => viewOf(segment, postings))
  const { hits, weights } = scoreSegments(plan, views, search.limit)
  return { hits: hits.flatMap((hit) => present(segments, hit)), weights }
}

const present = (segments: SegmentRecord[], { segment, ordinal, ord, score, families }: ScoredChunk): IndexHit[] => {
  const home = segments[segment]
  const line = home?.lines.findLast(({ firstOrdinal }) => firstOrdinal <= home.first + ordinal)
  return line ? [{ documentId: line.documentId, versionId: line.versionId, ord, score, families }] : []
}

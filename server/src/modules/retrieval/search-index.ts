import { type SQL, sql } from 'drizzle-orm'
import { asLanguage, type Language } from '#modules/language'
import { type Db, rows } from '#platform/db/index.ts'
import { countOf } from './merge-segments.ts'
import { bucketOf, type ChunkTable, chunkBytes, decodeChunkTable } from './postings.ts'
import { planQuery, type QueryPlan } from './query.ts'
import { byBits, joinRows, splitRows } from './row-parts.ts'
import { type QueryWeights, type ScoredChunk, type SegmentView, scoreSegments } from './score.ts'
import type { DocumentLine } from './stored-segments.ts'
import type { PerFamily } from './terms.ts'

export interface Search {
  institutionId: string
  /** The scope, resolved by the caller to documents that the person may read. */
  documentIds: readonly string[]
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

const readSegments = async (
  db: Db,
  institutionId: string,
  documentIds: readonly string[],
): Promise<SegmentRecord[]> => {
  const found = await rows<SegmentRow>(
    db,
    sql`select s.id, s.language, s.bits, d.first,
        substring(s.chunk_table for 1)
          || substring(s.chunk_table from 2 + ${chunkBytes} * d.first for ${chunkBytes} * (d.until - d.first)) as "chunkTable",
        d.lines
      from (
        select segment_id, min(first_ordinal) as first, max(first_ordinal + chunk_count) as until,
          string_agg(uuid_send(document_id) || uuid_send(version_id) || int4send(first_ordinal)
            || int4send(chunk_count), ''::bytea order by first_ordinal) as lines
        from lexical_documents
        where institution_id = ${institutionId}::uuid and document_id = any(${sql.param([...documentIds])}::uuid[])
        group by segment_id
      ) d join lexical_segments s on s.id = d.segment_id
      where s.institution_id = ${institutionId}::uuid
      order by s.id`,
  )
  return found.map(({ id, language, bits, first, chunkTable, lines }) => ({
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

/** The rows that a question needs of the segments of one size, those of each bucket in one value. */
const classQuery = (institutionId: string, bits: number, segments: SegmentRecord[], plan: QueryPlan): SQL => {
  const languages = new Set(segments.map(({ language }) => language))
  const terms = [...languages].flatMap((language) => plan.termsIn(language))
  const buckets = [...new Set(terms.map(({ hash }) => bucketOf(hash, bits)))]
  const ids = segments.map(({ id }) => id)
  return sql`select bucket, ${joinRows(sql`segment_id`)} as joined
    from lexical_postings
    where institution_id = ${institutionId}::uuid and bits = ${bits}::smallint
      and bucket = any(${sql.param(buckets)}::integer[]) and segment_id = any(${sql.param(ids)}::integer[])
    group by bucket`
}

/** Posting rows by segment, then by bucket. */
type PostingRows = Map<number, Map<number, Uint8Array>>

const readPostings = async (db: Db, statement: SQL): Promise<{ postings: PostingRows; presentCount: number }> => {
  const found: PostingRows = new Map()
  let presentCount = 0
  for (const { bucket, joined } of await rows<{ bucket: number; joined: Buffer }>(db, statement)) {
    if (bucket === countRow) {
      presentCount = joined.readInt32BE(0)
      continue
    }
    for (const [segmentId, row] of splitRows(joined)) {
      const ofSegment = found.get(segmentId)
      if (ofSegment) ofSegment.set(bucket, row)
      else found.set(segmentId, new Map([[bucket, row]]))
    }
  }
  return { postings: found, presentCount }
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
  return { language, bits, first, table, row: (bucket) => ofSegment?.get(bucket), ...scopeOf(segment) }
}

interface IndexPart {
  segments: SegmentRecord[]
  postings: PostingRows
}

/** Stands for a bucket in the row that says how many of the segments are still there. */
const countRow = -1

/** How often it is read anew because a merge came between: merges of one institution are seconds apart. */
const readTries = 5

/**
 * The segments of the scope with the rows that the question needs. Each of the two statements sees one state of the
 * index; when a merge was committed between them, the second finds segments gone, and both are made again.
 */
const readIndex = async (
  db: Db,
  scope: Pick<Search, 'institutionId' | 'documentIds'>,
  plan: QueryPlan,
  tries = readTries,
): Promise<IndexPart> => {
  const { institutionId, documentIds } = scope
  const segments = documentIds.length > 0 ? await readSegments(db, institutionId, documentIds) : []
  if (segments.length === 0 || plan.slotCount === 0) return { segments, postings: new Map() }
  const classes = byBits(segments).map(([bits, alike]) => classQuery(institutionId, bits, alike, plan))
  const ids = sql.param(segments.map(({ id }) => id))
  const present = sql`select ${countRow}::integer, int4send(count(*)::integer) from lexical_segments
    where institution_id = ${institutionId}::uuid and id = any(${ids}::integer[])`
  const { postings, presentCount } = await readPostings(db, sql.join([...classes, present], sql` union all `))
  if (presentCount === segments.length) return { segments, postings }
  if (tries <= 1) throw new Error('The index was merged again and again while it was read')
  return readIndex(db, scope, plan, tries - 1)
}

/** The best chunks for a question among the given documents, by recipe R. */
export const searchIndex = async (db: Db, search: Search): Promise<IndexAnswer> => {
  const plan = planQuery(search.query, search.language)
  const { segments, postings } = await readIndex(db, search, plan)
  const views = segments.map((segment) => viewOf(segment, postings))
  const { hits, weights } = scoreSegments(plan, views, search.limit)
  return { hits: hits.flatMap((hit) => present(segments, hit)), weights }
}

const present = (segments: SegmentRecord[], { segment, ordinal, ord, score, families }: ScoredChunk): IndexHit[] => {
  const home = segments[segment]
  const line = home?.lines.findLast(({ firstOrdinal }) => firstOrdinal <= home.first + ordinal)
  return line ? [{ documentId: line.documentId, versionId: line.versionId, ord, score, families }] : []
}

/** Segments as rows: writing one, and taking some away. */
import { inArray, sql } from 'drizzle-orm'
import { type Db, one } from '#platform/db/index.ts'
import { byBits, rowsOf, type SegmentKey } from './row-parts.ts'
import type { EncodedSegment } from './segment.ts'
import { lexicalDocuments, lexicalPostings, lexicalSegments } from './tables.ts'

/** To whom a segment belongs. */
export interface SegmentHome {
  institutionId: string
  /** The person its documents belong to, null when they are the institution's. */
  ownerId: string | null
  /** Whom its documents are for: the person, course, semester, faculty or institution. */
  audienceId: string
}

/** Which chunks of a segment are a document's. */
export interface DocumentLine {
  documentId: string
  versionId: string
  firstOrdinal: number
  chunkCount: number
}

/**
 * One writer of an institution's index at a time, until the end of the transaction: a merge then sees every document
 * that is there, and a deletion the segment where its document ended up. Take it before anything is read.
 */
export const lockIndex = async (db: Db, institutionId: string): Promise<void> => {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`lexical:${institutionId}`}, 0))`)
}

/** Stores a segment with the lines of its documents. @returns its id */
export const writeSegment = async (
  db: Db,
  home: SegmentHome,
  { segment, lines }: { segment: EncodedSegment; lines: readonly DocumentLine[] },
): Promise<number> => {
  const { language, bits, chunkCount } = segment
  const live = lines.reduce((sum, line) => sum + line.chunkCount, 0)
  const inserted = await db
    .insert(lexicalSegments)
    .values({
      ...home,
      language,
      bits,
      chunkCount,
      deadCount: chunkCount - live,
      chunkTable: Buffer.from(segment.chunkTable),
    })
    .returning({ id: lexicalSegments.id })
  const segmentId = one(inserted).id
  await insertLines(db, { home, segmentId, lines })
  await insertRows(db, { home, segmentId, segment })
  return segmentId
}

/** As arrays: a merged segment may have thousands of documents. */
const insertLines = async (
  db: Db,
  { home, segmentId, lines }: { home: SegmentHome; segmentId: number; lines: readonly DocumentLine[] },
): Promise<void> => {
  const column = <K extends keyof DocumentLine>(name: K) => sql.param(lines.map((line) => line[name]))
  await db.execute(sql`
    insert into ${lexicalDocuments}
      (segment_id, institution_id, owner_id, document_id, version_id, first_ordinal, chunk_count)
    select ${segmentId}::integer, ${home.institutionId}::uuid, ${home.ownerId}::uuid, line.*
    from unnest(${column('documentId')}::uuid[], ${column('versionId')}::uuid[],
      ${column('firstOrdinal')}::integer[], ${column('chunkCount')}::integer[]) as line`)
}

/** One parameter of bytes, cut by the server: a driver would print and parse an array of them byte by byte. */
const insertRows = async (
  db: Db,
  { home, segmentId, segment }: { home: SegmentHome; segmentId: number; segment: EncodedSegment },
): Promise<void> => {
  const rows = [...segment.rows]
  const lengths = rows.map(([, bytes]) => bytes.length)
  let next = 1
  const starts = lengths.map((length) => {
    const start = next
    next += length
    return start
  })
  const buckets = rows.map(([bucket]) => bucket)
  const joined = Buffer.concat(rows.map(([, bytes]) => bytes))
  await db.execute(sql`
    insert into ${lexicalPostings} (institution_id, bits, bucket, segment_id, owner_id, bytes)
    select ${home.institutionId}::uuid, ${segment.bits}::smallint, part.bucket, ${segmentId}::integer,
      ${home.ownerId}::uuid, substring(${sql.param(joined)}::bytea from part.start for part.length)
    from unnest(${sql.param(buckets)}::integer[], ${sql.param(starts)}::integer[], ${sql.param(lengths)}::integer[])
      as part (bucket, start, length)`)
}

/** Takes segments away, with all that is in them. */
export const deleteSegments = async (db: Db, institutionId: string, segments: readonly SegmentKey[]): Promise<void> => {
  if (segments.length === 0) return
  for (const [bits, alike] of byBits(segments)) {
    await db.execute(sql`delete from lexical_postings where ${rowsOf(institutionId, bits, alike)}`)
  }
  const ids = segments.map(({ id }) => id)
  await db.delete(lexicalDocuments).where(inArray(lexicalDocuments.segmentId, ids))
  await db.delete(lexicalSegments).where(inArray(lexicalSegments.id, ids))
}

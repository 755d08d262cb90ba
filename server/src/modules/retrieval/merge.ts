/** Keeps the number of segments small: which are merged when, and the swap of the old ones for the new. */
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Language } from '#modules/language'
import { type Database, type Db, rows, type Scope } from '#platform/db/index.ts'
import type { MergeSource, SegmentsToMerge } from './merge-segments.ts'
import { byBits, joinedByBucket, rowsOf, type SegmentKey } from './row-parts.ts'
import { type EncodedSegment, maxSegmentChunks } from './segment.ts'
import { type DocumentLine, deleteSegments, lockIndex, type SegmentHome, writeSegment } from './stored-segments.ts'
import { lexicalDocuments, lexicalSegments } from './tables.ts'
import { runInThread } from './thread.ts'

/** What decides whether a segment is merged. */
export interface MergeCandidate {
  id: number
  language: string | null
  chunkCount: number
  deadCount: number
}

/** So many segments of one size are worth one larger one: a chunk is then written some three times in its life. */
const leastAlike = 8
/** As many at a time: what a merge holds in memory and in one transaction stays bounded. */
const mostSources = 64
/** A segment is written anew when so much of it is dead. */
const deadShare = 0.25

/** Segments of up to 7, 63, 511, 4,095 and 8,192 chunks. */
const sizeClass = (live: number): number => Math.min(4, Math.floor(Math.log2(Math.max(1, live)) / 3))
const largestClass = 4

const liveOf = ({ chunkCount, deadCount }: MergeCandidate): number => chunkCount - deadCount

/** The oldest first, as many as fit into one segment. */
const thatFit = (alike: readonly MergeCandidate[]): MergeCandidate[] => {
  const chosen: MergeCandidate[] = []
  let chunks = 0
  for (const candidate of alike.toSorted((a, b) => a.id - b.id)) {
    if (chosen.length >= mostSources || chunks + liveOf(candidate) > maxSegmentChunks) continue
    chosen.push(candidate)
    chunks += liveOf(candidate)
  }
  return chosen
}

/**
 * The segments of one audience to be merged next, none when all is well: eight or more of one size and language, or one
 * of which at least `leastDead` is dead.
 */
export const chooseSources = (candidates: readonly MergeCandidate[], leastDead = deadShare): number[] => {
  const dying = candidates.find(({ chunkCount, deadCount }) => deadCount > 0 && deadCount >= leastDead * chunkCount)
  if (dying) return [dying.id]
  const alike = Map.groupBy(
    candidates.filter((candidate) => sizeClass(liveOf(candidate)) < largestClass),
    (candidate) => `${candidate.language} ${sizeClass(liveOf(candidate))}`,
  )
  for (const group of alike.values()) {
    if (group.length < leastAlike) continue
    const chosen = thatFit(group)
    if (chosen.length > 1) return chosen.map(({ id }) => id)
  }
  return []
}

interface Audience {
  institutionId: string
  audienceId: string
}

const candidatesOf = (db: Db, { institutionId, audienceId }: Audience): Promise<MergeCandidate[]> => {
  const { id, language, chunkCount, deadCount } = lexicalSegments
  return db
    .select({ id, language, chunkCount, deadCount })
    .from(lexicalSegments)
    .where(and(eq(lexicalSegments.institutionId, institutionId), eq(lexicalSegments.audienceId, audienceId)))
}

/** Whether an audience's index has something to merge. */
export const isMergeDue = async (db: Db, audience: Audience): Promise<boolean> =>
  chooseSources(await candidatesOf(db, audience)).length > 0

/** Segments read to be merged: what the merged one is made of, and whose it will be. */
interface Reading {
  segments: SegmentKey[]
  home: SegmentHome
  input: SegmentsToMerge
  /** The documents of the sources in order, as in the merged segment. */
  lines: DocumentLine[]
}

export interface MergeRequest {
  /** May see the audience's rows: of a person's own only that person does. */
  scope: Scope
  audienceId: string
  /** Segments of which so much is dead are written anew: 0 for all that have anything dead, as after an erasure. */
  leastDead?: number
}

interface SourceRow extends SegmentKey {
  ownerId: string | null
  language: Language | null
  chunkTable: Buffer
}

const readSources = (db: Db, institutionId: string, ids: number[]): Promise<SourceRow[]> => {
  const { id, bits, ownerId, language, chunkTable } = lexicalSegments
  return db
    .select({ id, bits, ownerId, language, chunkTable })
    .from(lexicalSegments)
    .where(and(eq(lexicalSegments.institutionId, institutionId), inArray(id, ids)))
    .orderBy(id)
}

/** All posting rows of the segments, joined by segment. */
const readRows = async (db: Db, institutionId: string, sources: SourceRow[]): Promise<Map<number, Buffer>> => {
  const found = new Map<number, Buffer>()
  for (const [bits, alike] of byBits(sources)) {
    const joined = await rows<{ id: number; joined: Buffer }>(
      db,
      sql`select segment_id as id, ${joinedByBucket} as joined from lexical_postings
        where ${rowsOf(institutionId, bits, alike)} group by segment_id`,
    )
    for (const { id, joined: rows } of joined) found.set(id, rows)
  }
  return found
}

const readLines = (db: Db, institutionId: string, ids: number[]): Promise<(DocumentLine & { segmentId: number })[]> => {
  const { segmentId, documentId, versionId, firstOrdinal, chunkCount } = lexicalDocuments
  return db
    .select({ segmentId, documentId, versionId, firstOrdinal, chunkCount })
    .from(lexicalDocuments)
    .where(and(eq(lexicalDocuments.institutionId, institutionId), inArray(segmentId, ids)))
    .orderBy(segmentId, firstOrdinal)
}

/** What is to be merged next; null when nothing is. */
const readNext = async (db: Db, { scope, audienceId, leastDead }: MergeRequest): Promise<Reading | null> => {
  const { institutionId } = scope
  await lockIndex(db, institutionId)
  const ids = chooseSources(await candidatesOf(db, { institutionId, audienceId }), leastDead)
  const found = ids.length > 0 ? await readSources(db, institutionId, ids) : []
  const [first] = found
  if (!first) return null
  const joined = await readRows(db, institutionId, found)
  const lines = await readLines(db, institutionId, ids)
  const runs = Map.groupBy(lines, ({ segmentId }) => segmentId)
  const sources = found.map(
    ({ id, bits, chunkTable }): MergeSource => ({
      bits,
      chunkTable,
      rows: joined.get(id) ?? new Uint8Array(),
      runs: runs.get(id) ?? [],
    }),
  )
  const { ownerId, language } = first
  const home = { institutionId, ownerId, audienceId }
  return { segments: found, home, input: { language, sources }, lines: renumbered(lines) }
}

/** The same documents one behind the other. */
const renumbered = (lines: readonly DocumentLine[]): DocumentLine[] => {
  let next = 0
  return lines.map(({ documentId, versionId, chunkCount }) => {
    const firstOrdinal = next
    next += chunkCount
    return { documentId, versionId, firstOrdinal, chunkCount }
  })
}

/**
 * Puts the merged segment in the place of its sources, all at once. What was deleted since they were read is dead in it
 * from the start. @returns whether it did; not when another was first
 */
const swap = async (db: Db, { segments, home, lines }: Reading, segment: EncodedSegment): Promise<boolean> => {
  await lockIndex(db, home.institutionId)
  const ids = segments.map(({ id }) => id)
  const present = await db
    .select({ id: lexicalSegments.id })
    .from(lexicalSegments)
    .where(and(eq(lexicalSegments.institutionId, home.institutionId), inArray(lexicalSegments.id, ids)))
  if (present.length < ids.length) return false
  const left = new Set((await readLines(db, home.institutionId, ids)).map(({ versionId }) => versionId))
  const live = lines.filter(({ versionId }) => left.has(versionId))
  await deleteSegments(db, home.institutionId, segments)
  if (live.length > 0) await writeSegment(db, home, { segment, lines: live })
  return true
}

/**
 * Merges an audience's segments until all is well. Safe at any moment and in several processes at once: a merge that
 * dies leaves what was there, and one that comes second gives up. @returns how many segments were written
 */
export const mergeAudience = async (
  database: Database,
  request: MergeRequest,
  signal: AbortSignal,
): Promise<{ merged: number }> => {
  for (let merged = 0; ; merged += 1) {
    signal.throwIfAborted()
    const reading = await database.as(request.scope, (db) => readNext(db, request))
    if (!reading) return { merged }
    const script = new URL('./merge-thread.ts', import.meta.url)
    const segment = await runInThread<EncodedSegment>(script, reading.input, signal)
    if (!(await database.as(request.scope, (db) => swap(db, reading, segment)))) return { merged }
  }
}

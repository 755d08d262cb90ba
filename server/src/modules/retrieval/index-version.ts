import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#platform/db/index.ts'
import type { EncodedSegment } from './segment.ts'
import { deleteSegments, lockIndex, type SegmentHome, writeSegment } from './stored-segments.ts'
import { lexicalDocuments, lexicalSegments } from './tables.ts'

export interface VersionToIndex extends SegmentHome {
  documentId: string
  versionId: string
  segments: readonly EncodedSegment[]
}

export interface IndexedDocument {
  institutionId: string
  documentId: string
}

/**
 * Takes a document out of the index, all its versions, in the caller's transaction. Does nothing when it is not there.
 * In a segment that it shares with others its words stay behind, unread, until the segment is written anew.
 */
export const dropFromIndex = async (db: Db, { institutionId, documentId }: IndexedDocument): Promise<void> => {
  await lockIndex(db, institutionId)
  const gone = await db
    .delete(lexicalDocuments)
    .where(and(eq(lexicalDocuments.institutionId, institutionId), eq(lexicalDocuments.documentId, documentId)))
    .returning({ segmentId: lexicalDocuments.segmentId, chunkCount: lexicalDocuments.chunkCount })
  if (gone.length === 0) return
  for (const { segmentId, chunkCount } of gone) {
    await db
      .update(lexicalSegments)
      .set({ deadCount: sql`${lexicalSegments.deadCount} + ${chunkCount}` })
      .where(eq(lexicalSegments.id, segmentId))
  }
  const empty = await db
    .select({ id: lexicalSegments.id, bits: lexicalSegments.bits })
    .from(lexicalSegments)
    .where(
      and(
        inArray(
          lexicalSegments.id,
          gone.map(({ segmentId }) => segmentId),
        ),
        eq(lexicalSegments.deadCount, lexicalSegments.chunkCount),
      ),
    )
  await deleteSegments(db, institutionId, empty)
}

/**
 * Makes a document version searchable, in the caller's transaction. It takes the place of whatever version of
 * the document was indexed before.
 */
export const indexVersion = async (db: Db, version: VersionToIndex): Promise<void> => {
  const { institutionId, ownerId, audienceId, documentId, versionId } = version
  await dropFromIndex(db, { institutionId, documentId })
  for (const segment of version.segments) {
    const lines = [{ documentId, versionId, firstOrdinal: 0, chunkCount: segment.chunkCount }]
    await writeSegment(db, { institutionId, ownerId, audienceId }, { segment, lines })
  }
}

/** Takes everything of a person out of the index: what is theirs shares no segment with what is not. */
export const dropPersonFromIndex = async (
  db: Db,
  { institutionId, personId }: { institutionId: string; personId: string },
): Promise<void> => {
  await lockIndex(db, institutionId)
  const own = await db
    .select({ id: lexicalSegments.id, bits: lexicalSegments.bits })
    .from(lexicalSegments)
    .where(and(eq(lexicalSegments.institutionId, institutionId), eq(lexicalSegments.ownerId, personId)))
  await deleteSegments(db, institutionId, own)
}

/** Taking a deleted document away for good, and the files that no document needs any more. */
import { eq, inArray } from 'drizzle-orm'
import { mergeAudience } from '#modules/retrieval'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { foreignKeyViolation, isSqlState } from '#platform/db/index.ts'
import type { JobKind, Work } from '#platform/jobs/index.ts'
import { type Erasure, eraseKind } from './kinds.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { documents, files, readings } from './tables.ts'

export const createEraseKind = (needs: KnowledgeNeeds): JobKind<Erasure> => ({
  ...eraseKind,
  concurrency: 1,
  attempts: 5,
  run: (work) => eraseDocument(needs, work),
})

const eraseDocument = async (
  needs: KnowledgeNeeds,
  { actor, payload, signal }: Work<Erasure>,
): Promise<Record<string, unknown>> => {
  const { documentId, audienceId } = payload
  await needs.db.as(scopeOf(actor), (db) => db.delete(documents).where(eq(documents.id, documentId)))
  // Its words, too: hashed and counted, they would stay in a segment that it shared with others.
  await mergeAudience(needs.db, { scope: scopeOf(actor), audienceId, leastDead: 0 }, signal)
  const outcomes: boolean[] = []
  for (const fileId of payload.fileIds) outcomes.push(await removeUnusedFile(needs, actor, fileId))
  return { documentId, filesRemoved: outcomes.filter(Boolean).length }
}

/**
 * Removes a file unless another document has the same bytes. Other people's versions are out of this actor's sight, so
 * the foreign key is asked: it refuses while any version, anybody's, points to the file.
 */
export const removeUnusedFile = async (
  { db, storage }: KnowledgeNeeds,
  actor: Actor,
  fileId: string,
): Promise<boolean> => {
  try {
    const [removed] = await db.as(scopeOf(actor), async (db) => {
      const ofFile = await db.select({ id: readings.id }).from(readings).where(eq(readings.fileId, fileId))
      if (ofFile.length > 0)
        await db.delete(readings).where(
          inArray(
            readings.id,
            ofFile.map(({ id }) => id),
          ),
        )
      return db.delete(files).where(eq(files.id, fileId)).returning({ storageKey: files.storageKey })
    })
    if (removed) await storage.remove(removed.storageKey)
    return true
  } catch (error) {
    if (isSqlState(error, foreignKeyViolation)) return false
    throw error
  }
}

/** A document in the middle of being read: the row, the version and its file. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import { type Actor, scopeOf } from '#platform/actor.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { type DocumentRow, documents } from './tables.ts'

export interface Subject {
  document: DocumentRow
  versionId: string
  file: { id: string; storageKey: string; mediaType: string }
}

export const setStatus = (
  { db, bus, clock }: KnowledgeNeeds,
  actor: Actor,
  { document }: Subject,
  status: 'parsing' | 'chunking',
): Promise<void> =>
  db.as(scopeOf(actor), async (db, after) => {
    await db
      .update(documents)
      .set({ status, updatedAt: clock.now(), version: sql`${documents.version} + 1` })
      .where(and(eq(documents.id, document.id), isNull(documents.deletedAt)))
    after(() => bus.publish('document.changed', { id: document.id, version: document.version + 1 }))
  })

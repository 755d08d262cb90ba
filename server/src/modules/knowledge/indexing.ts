/** From the pages of a reading to chunks that are searched: all of them at once, or none. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import { askForMerge, indexVersion, prepareInThread } from '#modules/retrieval'
import { scopeOf } from '#platform/actor.ts'
import { one } from '#platform/db/index.ts'
import type { Work } from '#platform/jobs/index.ts'
import { audienceOf } from './access.ts'
import { planEmbedding } from './embedding.ts'
import type { OfDocument } from './kinds.ts'
import type { KnowledgeNeeds } from './needs.ts'
import type { Subject } from './subject.ts'
import { chunks, documents, pages, readings } from './tables.ts'

/** Rows written at a time: one statement stays short, so that others get their turn at the embedded database. */
const batchRows = 100

/** Cuts the pages into chunks and makes them searchable, all at once. */
export const indexDocument = async (
  needs: KnowledgeNeeds,
  { actor, signal }: Work<OfDocument>,
  { subject, readingId }: { subject: Subject; readingId: string },
): Promise<Record<string, unknown>> => {
  const { db, clock, bus, jobs } = needs
  const { document, versionId } = subject
  const { reading, texts } = await db.as(scopeOf(actor), async (db) => ({
    reading: one(await db.select().from(readings).where(eq(readings.id, readingId))),
    texts: await db
      .select({ number: pages.number, text: pages.text, headings: pages.headings })
      .from(pages)
      .where(eq(pages.readingId, readingId))
      .orderBy(pages.number),
  }))
  const { chunks: cut, segments } = await prepareInThread({ pages: texts, language: reading.language }, signal)
  const { institutionId, ownerId, conversationId, courseId, facultyId, semesterId } = document
  const reach = { institutionId, ownerId, conversationId, courseId, facultyId, semesterId }
  const rows = cut.map((chunk, ord) => ({
    ...chunk,
    ...reach,
    documentId: document.id,
    versionId,
    ord,
    language: reading.language,
  }))
  await db.as(scopeOf(actor), (db) => db.delete(chunks).where(eq(chunks.documentId, document.id)))
  for (let at = 0; at < rows.length; at += batchRows) {
    const batch = rows.slice(at, at + batchRows)
    await db.as(scopeOf(actor), (db) => db.insert(chunks).values(batch))
  }
  await db.as(scopeOf(actor), async (db, after) => {
    const audienceId = audienceOf(document)
    await indexVersion(db, { institutionId, ownerId, audienceId, documentId: document.id, versionId, segments })
    const ready = {
      ...(await planEmbedding(needs, { db, after }, { actor, document, chunkCount: rows.length })),
      failure: null,
      pageCount: reading.pageCount,
      chunkCount: rows.length,
      language: reading.language,
    }
    // A document that was deleted meanwhile must not come back into the index.
    one(
      await db
        .update(documents)
        .set({ ...ready, updatedAt: clock.now(), version: sql`${documents.version} + 1` })
        .where(and(eq(documents.id, document.id), isNull(documents.deletedAt)))
        .returning({ id: documents.id }),
    )
    await askForMerge(db, after, { jobs, actor, audienceId, now: clock.now() })
    after(() => bus.publish('document.changed', { id: document.id, version: document.version + 1 }))
  })
  return { documentId: document.id, pageCount: reading.pageCount, chunkCount: rows.length }
}

/** From the pages of a reading to chunks that are searched: all of them at once, or none. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { askForMerge, type Chunk, indexVersion, prepareInThread } from '#modules/retrieval'
import { scopeOf } from '#platform/actor.ts'
import { type Db, one } from '#platform/db/index.ts'
import type { Work } from '#platform/jobs/index.ts'
import { audienceOf } from './access.ts'
import { planEmbedding } from './embedding.ts'
import type { OfDocument } from './kinds.ts'
import type { KnowledgeNeeds } from './needs.ts'
import type { Subject } from './subject.ts'
import { chunks, documents, pages, readings } from './tables.ts'

/** Rows written at a time: one statement stays short, so that others get their turn at the embedded database. */
const batchRows = 100

/** What the chunks of one document have in common. */
type ChunkHome = Pick<
  typeof chunks.$inferSelect,
  | 'institutionId'
  | 'ownerId'
  | 'conversationId'
  | 'courseId'
  | 'facultyId'
  | 'semesterId'
  | 'documentId'
  | 'versionId'
  | 'language'
>

/** As arrays: a builder would handle each value of each row by itself. `first` is the place of the batch's first chunk. */
const insertChunks = (
  db: Db,
  home: ChunkHome,
  { first, batch }: { first: number; batch: readonly Chunk[] },
): Promise<unknown> => {
  const column = (value: (chunk: Chunk) => unknown) => sql.param(batch.map(value))
  return db.execute(sql`
    insert into ${chunks} (institution_id, owner_id, conversation_id, course_id, faculty_id, semester_id, document_id,
      version_id, language, id, ord, page, start, "end", heading_path, text, token_count)
    select ${home.institutionId}::uuid, ${home.ownerId}::uuid, ${home.conversationId}::uuid, ${home.courseId}::uuid,
      ${home.facultyId}::uuid, ${home.semesterId}::uuid, ${home.documentId}::uuid, ${home.versionId}::uuid,
      ${home.language}::text, chunk.*
    from unnest(${column(() => uuidv7())}::uuid[], ${sql.param(batch.map((_, at) => first + at))}::integer[],
      ${column(({ page }) => page)}::integer[], ${column(({ start }) => start)}::integer[],
      ${column(({ end }) => end)}::integer[], ${column(({ headingPath }) => JSON.stringify(headingPath))}::jsonb[],
      ${column(({ text }) => text)}::text[], ${column(({ tokenCount }) => tokenCount)}::smallint[]) as chunk`)
}

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
  const home = { ...reach, documentId: document.id, versionId, language: reading.language }
  await db.as(scopeOf(actor), (db) => db.delete(chunks).where(eq(chunks.documentId, document.id)))
  for (let at = 0; at < cut.length; at += batchRows) {
    await db.as(scopeOf(actor), (db) => insertChunks(db, home, { first: at, batch: cut.slice(at, at + batchRows) }))
  }
  await db.as(scopeOf(actor), async (db, after) => {
    const audienceId = audienceOf(document)
    await indexVersion(db, { institutionId, ownerId, audienceId, documentId: document.id, versionId, segments })
    const ready = {
      ...(await planEmbedding(needs, { db, after }, { actor, document, chunkCount: cut.length })),
      failure: null,
      pageCount: reading.pageCount,
      chunkCount: cut.length,
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
  return { documentId: document.id, pageCount: reading.pageCount, chunkCount: cut.length }
}

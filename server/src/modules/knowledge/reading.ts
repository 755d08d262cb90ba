/** From a file to the pages of a reading: parsed once in an institution, however many documents have the bytes. */
import { and, eq, sql } from 'drizzle-orm'
import { type ParsedPage, parseFile, type ReadableType } from '#modules/parsing'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { type Db, isSqlState, one, uniqueViolation } from '#platform/db/index.ts'
import { JobFailure, type Work } from '#platform/jobs/index.ts'
import { packLines } from './geometry.ts'
import type { OfDocument } from './kinds.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { type Subject, setStatus } from './subject.ts'
import { type DocumentRow, documentVersions, pages, readings } from './tables.ts'

/** Part of a reading's name: raise it when the same bytes would give other text. */
export const parserVersion = 'lyceum-1'

/** Rows written at a time: one statement stays short, so that others get their turn at the embedded database. */
const batchRows = 100
const reportEveryMs = 250

/** What was read from the same bytes before, by anyone in the institution. */
export const findReading = (
  { db }: KnowledgeNeeds,
  actor: Actor,
  { file, versionId }: Subject,
): Promise<string | null> =>
  db.as(scopeOf(actor), async (db) => {
    const [found] = await db
      .select({ id: readings.id })
      .from(readings)
      .where(and(eq(readings.fileId, file.id), eq(readings.parser, parserVersion), sql`completed_at is not null`))
    if (!found) return null
    await linkReading(db, versionId, found.id)
    return found.id
  })

const linkReading = (db: Db, versionId: string, readingId: string) =>
  db.update(documentVersions).set({ readingId }).where(eq(documentVersions.id, versionId))

/** Parses the file page by page. The reading counts from its last write on; until then no version points to it. */
export const makeReading = async (needs: KnowledgeNeeds, work: Work<OfDocument>, subject: Subject): Promise<string> => {
  const { db, clock, storage, parsing } = needs
  const { actor } = work
  const institutionId = actor.institutionId
  await setStatus(needs, actor, subject, 'parsing')
  const readingId = one(
    await db.as(scopeOf(actor), (db) =>
      db
        .insert(readings)
        .values({ institutionId, fileId: subject.file.id, parser: parserVersion, pageCount: 0, createdAt: clock.now() })
        .returning({ id: readings.id }),
    ),
  ).id
  const intake = createIntake(needs, work, readingId)
  try {
    const outcome = await storage.withLocalPath(subject.file.storageKey, (path) =>
      parseFile(
        {
          path,
          mediaType: subject.file.mediaType as ReadableType,
          fileName: subject.document.fileName,
        },
        parsing,
        intake.take,
        intake.start,
        work.signal,
      ),
    )
    if (!outcome.ok) throw new JobFailure(outcome.failure, outcome.message)
    await intake.flush()
    return await completeReading(needs, actor, { subject, readingId, outcome })
  } catch (error) {
    await db.as(scopeOf(actor), (db) => db.delete(readings).where(eq(readings.id, readingId)))
    throw error
  }
}

/** As arrays: a builder would handle each value of each row by itself. */
const insertPages = (
  db: Db,
  { institutionId, readingId }: { institutionId: string; readingId: string },
  written: readonly ParsedPage[],
): Promise<unknown> => {
  const column = (value: (page: ParsedPage) => unknown) => sql.param(written.map(value))
  return db.execute(sql`
    insert into ${pages} (reading_id, institution_id, number, text, headings, geometry)
    select ${readingId}::uuid, ${institutionId}::uuid, page.*
    from unnest(${column(({ number }) => number)}::integer[], ${column(({ text }) => text)}::text[],
      ${column(({ headings }) => JSON.stringify(headings))}::jsonb[],
      ${column(({ lines }) => (lines ? JSON.stringify(packLines(lines)) : null))}::jsonb[]) as page`)
}

/** Pages as they come: written in batches, counted for the reader. */
const createIntake = ({ db, clock }: KnowledgeNeeds, work: Work<OfDocument>, readingId: string) => {
  const { institutionId } = work.actor
  let batch: ParsedPage[] = []
  let [done, total, reportedAt] = [0, 0, 0]
  const flush = async (): Promise<void> => {
    const written = batch
    batch = []
    if (written.length > 0)
      await db.as(scopeOf(work.actor), (db) => insertPages(db, { institutionId, readingId }, written))
  }
  return {
    start: ({ pageCount }: { pageCount: number }) => {
      total = pageCount
    },
    take: async (page: ParsedPage): Promise<void> => {
      batch.push(page)
      done += 1
      if (batch.length >= batchRows) await flush()
      const now = clock.now().getTime()
      if (now - reportedAt < reportEveryMs) return
      reportedAt = now
      await work.report({
        percent: total > 0 ? Math.floor((85 * done) / total) : 0,
        step: 'parsing',
        progress: { done, total, unit: 'page' },
      })
    },
    flush,
  }
}

const completeReading = async (
  { db, clock }: KnowledgeNeeds,
  actor: Actor,
  {
    subject,
    readingId,
    outcome,
  }: {
    subject: Subject
    readingId: string
    outcome: { title: string | null; language: DocumentRow['language']; pageCount: number }
  },
): Promise<string> => {
  const complete = (id: string, values: object) =>
    db.as(scopeOf(actor), async (db) => {
      await db.update(readings).set(values).where(eq(readings.id, id))
      await linkReading(db, subject.versionId, id)
      return id
    })
  const { title, language, pageCount } = outcome
  try {
    return await complete(readingId, { title, language, pageCount, completedAt: clock.now() })
  } catch (error) {
    if (!isSqlState(error, uniqueViolation, 'readings_complete')) throw error
    // Somebody else's upload of the same bytes was read at the same time and was done first: theirs serves both.
    const [other] = await db.as(scopeOf(actor), (db) =>
      db
        .select({ id: readings.id })
        .from(readings)
        .where(and(eq(readings.fileId, subject.file.id), sql`completed_at is not null`)),
    )
    if (!other) throw error
    await db.as(scopeOf(actor), (db) => db.delete(readings).where(eq(readings.id, readingId)))
    return complete(other.id, {})
  }
}

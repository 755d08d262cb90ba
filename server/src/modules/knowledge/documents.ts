/** Reading documents and their pages, and deleting them. */
import type { DocumentPage } from '@lyceum/contract/documents'
import { and, asc, desc, eq, gt, lt, or, sql } from 'drizzle-orm'
import { askForMerge, dropFromIndex } from '#modules/retrieval'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { type Database, type Db, one } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import { cursorOf, cutPage, readCursor } from '#platform/http/cursor.ts'
import { audienceOf, isReadable, mayChange } from './access.ts'
import { eraseKind, readKind } from './kinds.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { presentDocument, presentPage } from './present.ts'
import {
  chunks,
  type DocumentRow,
  documents,
  documentVersions,
  embeddedDocuments,
  files,
  pages,
  readings,
} from './tables.ts'

interface PageOfList {
  limit: number
  cursor?: string | undefined
}

const notFound = () => new AppError('document_not_found', 'There is no such document.')

/** @throws AppError `document_not_found`, for what is not there and for what is not the actor's alike */
export const findDocument = async (db: Db, actor: Actor, id: string): Promise<DocumentRow> => {
  const [row] = await db
    .select()
    .from(documents)
    .where(and(eq(documents.id, id), isReadable(actor)))
  if (!row) throw notFound()
  return row
}

export const getDocument = (db: Database, actor: Actor, id: string) =>
  db.as(scopeOf(actor), async (db) => presentDocument(await findDocument(db, actor, id)))

/** Newest first. */
export const listDocuments = (db: Database, actor: Actor, { limit, cursor }: PageOfList) =>
  db.as(scopeOf(actor), async (db) => {
    const after = readCursor(cursor)
    const isAfter = after
      ? or(lt(documents.createdAt, after.at), and(eq(documents.createdAt, after.at), lt(documents.id, after.id)))
      : undefined
    const found = await db
      .select()
      .from(documents)
      .where(and(isReadable(actor), isAfter))
      .orderBy(desc(documents.createdAt), desc(documents.id))
      .limit(limit + 1)
    return cutPage(found, limit, {
      present: presentDocument,
      cursorAt: (last) => cursorOf({ at: last.createdAt, id: last.id }),
    })
  })

/** One page of a version; without `version` of the one that is read now. @throws AppError `page_not_found` */
export const getPage = (
  db: Database,
  actor: Actor,
  { id, n, version }: { id: string; n: number; version?: number | undefined },
): Promise<DocumentPage> =>
  db.as(scopeOf(actor), async (db) => {
    const document = await findDocument(db, actor, id)
    const [row] = await db
      .select({ number: pages.number, text: pages.text, headings: pages.headings })
      .from(pages)
      .innerJoin(documentVersions, eq(documentVersions.readingId, pages.readingId))
      .where(
        and(
          eq(pages.institutionId, actor.institutionId),
          eq(documentVersions.documentId, document.id),
          eq(documentVersions.number, version ?? document.versionNumber),
          eq(pages.number, n),
        ),
      )
    if (!row) throw new AppError('page_not_found', 'The document has no such page, or it is not read yet.')
    return presentPage(row)
  })

/** Pages in order; the cursor is the number of the last one. */
export const listPages = (db: Database, actor: Actor, id: string, { limit, cursor }: PageOfList) =>
  db.as(scopeOf(actor), async (db) => {
    const document = await findDocument(db, actor, id)
    const after = Number(cursor ?? 0) || 0
    const found = await db
      .select({ number: pages.number, text: pages.text, headings: pages.headings })
      .from(pages)
      .innerJoin(documentVersions, eq(documentVersions.readingId, pages.readingId))
      .where(
        and(
          eq(pages.institutionId, actor.institutionId),
          eq(documentVersions.documentId, document.id),
          eq(documentVersions.number, document.versionNumber),
          gt(pages.number, after),
        ),
      )
      .orderBy(asc(pages.number))
      .limit(limit + 1)
    return cutPage(found, limit, { present: presentPage, cursorAt: (last) => String(last.number) })
  })

export const listVersions = (db: Database, actor: Actor, id: string, { limit, cursor }: PageOfList) =>
  db.as(scopeOf(actor), async (db) => {
    const document = await findDocument(db, actor, id)
    const before = Number(cursor ?? 0) || document.versionNumber + 1
    const found = await db
      .select({
        number: documentVersions.number,
        contentHash: files.sha256,
        parser: readings.parser,
        pageCount: readings.pageCount,
        createdAt: documentVersions.createdAt,
      })
      .from(documentVersions)
      .innerJoin(files, eq(files.id, documentVersions.fileId))
      .leftJoin(readings, eq(readings.id, documentVersions.readingId))
      .where(and(eq(documentVersions.documentId, document.id), lt(documentVersions.number, before)))
      .orderBy(desc(documentVersions.number))
      .limit(limit + 1)
    return cutPage(found, limit, {
      present: (row) => ({ ...row, pageCount: row.pageCount ?? 0, createdAt: row.createdAt.toISOString() }),
      cursorAt: (last) => String(last.number),
    })
  })

/** The original, as it was uploaded. */
export const openOriginal = async ({ db, storage }: KnowledgeNeeds, actor: Actor, id: string) => {
  const { document, file } = await db.as(scopeOf(actor), async (db) => {
    const document = await findDocument(db, actor, id)
    const [file] = await db
      .select({ storageKey: files.storageKey, sizeBytes: files.sizeBytes })
      .from(documentVersions)
      .innerJoin(files, eq(files.id, documentVersions.fileId))
      .where(and(eq(documentVersions.documentId, id), eq(documentVersions.number, document.versionNumber)))
    return { document, file }
  })
  if (!file) throw notFound()
  return {
    kind: 'file' as const,
    stream: await storage.open(file.storageKey),
    mediaType: document.mediaType,
    fileName: document.fileName,
    sizeBytes: file.sizeBytes,
  }
}

/** Reads the file again, as after a new version of the parser. */
export const reindexDocument = ({ db, jobs, clock }: KnowledgeNeeds, actor: Actor, id: string) =>
  db.as(scopeOf(actor), async (db, after) => {
    const document = await findChangeable(db, actor, id)
    const now = clock.now()
    const jobId = await jobs.add(db, after, readKind, { actor, payload: { documentId: id }, now })
    const row = one(
      await db
        .update(documents)
        .set({ jobId, status: 'stored', failure: null, updatedAt: now, version: sql`${documents.version} + 1` })
        .where(eq(documents.id, document.id))
        .returning(),
    )
    return { document: presentDocument(row), job: { id: jobId } }
  })

/**
 * Out of search, answers and lists at once. The row and the file stay for undo until retention takes them;
 * with `forever` a job takes them now.
 */
export const deleteDocument = (
  { db, jobs, bus, clock }: KnowledgeNeeds,
  actor: Actor,
  { id, forever }: { id: string; forever: boolean },
) =>
  db.as(scopeOf(actor), async (db, after) => {
    const document = await findChangeable(db, actor, id)
    const now = clock.now()
    await db.delete(chunks).where(eq(chunks.documentId, document.id))
    await db.delete(embeddedDocuments).where(eq(embeddedDocuments.documentId, document.id))
    await dropFromIndex(db, { institutionId: document.institutionId, documentId: document.id })
    await askForMerge(db, after, { jobs, actor, audienceId: audienceOf(document), now })
    await db
      .update(documents)
      .set({ deletedAt: now, updatedAt: now, chunkCount: 0, version: sql`${documents.version} + 1` })
      .where(eq(documents.id, document.id))
    if (forever)
      await jobs.add(db, after, eraseKind, {
        actor,
        payload: { documentId: id, fileIds: await fileIdsOf(db, id), audienceId: audienceOf(document) },
        now,
      })
    after(() => bus.publish('document.changed', { id, version: document.version + 1 }))
  })

const fileIdsOf = async (db: Db, documentId: string): Promise<string[]> => {
  const found = await db
    .selectDistinct({ fileId: documentVersions.fileId })
    .from(documentVersions)
    .where(eq(documentVersions.documentId, documentId))
  return found.map(({ fileId }) => fileId)
}

const findChangeable = async (db: Db, actor: Actor, id: string): Promise<DocumentRow> => {
  const document = await findDocument(db, actor, id)
  if (!mayChange(actor, document)) throw new AppError('forbidden', 'Only who added this document may change it.')
  return document
}

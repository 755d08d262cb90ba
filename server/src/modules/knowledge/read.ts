/** Reading a document: file to pages to chunks to index. Each step may be repeated; nothing is searchable before the last. */
import { open } from 'node:fs/promises'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { detectMediaType, headBytes, readableTypes } from '#modules/parsing'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { JobFailure, type JobKind, type Work } from '#platform/jobs/index.ts'
import { indexDocument } from './indexing.ts'
import { type OfDocument, readKind } from './kinds.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { findReading, makeReading } from './reading.ts'
import { type Subject, setStatus } from './subject.ts'
import { chunks, documents, documentVersions, files } from './tables.ts'

export const createReadKind = (needs: KnowledgeNeeds): JobKind<OfDocument> => ({
  ...readKind,
  concurrency: 1,
  attempts: 3,
  run: (work) => readDocument(needs, work),
  onDead: ({ payload, actor }, failure) => failDocument(needs, actor, payload.documentId, failure),
})

const readDocument = async (needs: KnowledgeNeeds, work: Work<OfDocument>): Promise<Record<string, unknown>> => {
  const subject = await loadSubject(needs, work)
  if (!subject) return forget(needs, work)
  const mediaType = await tellType(needs, subject)
  if (mediaType !== 'document')
    return keepUnread(needs, work, { subject, setting: mediaType === 'image' ? 'OCR_ENGINE' : 'STT_BASE_URL' })
  const readingId = (await findReading(needs, work.actor, subject)) ?? (await makeReading(needs, work, subject))
  await setStatus(needs, work.actor, subject, 'chunking')
  await work.report({ percent: 90, step: 'chunking' })
  return indexDocument(needs, work, { subject, readingId })
}

const loadSubject = ({ db }: KnowledgeNeeds, { actor, payload }: Work<OfDocument>): Promise<Subject | null> =>
  db.as(scopeOf(actor), async (db) => {
    const [found] = await db
      .select({ document: documents, versionId: documentVersions.id, file: files })
      .from(documents)
      .innerJoin(
        documentVersions,
        and(eq(documentVersions.documentId, documents.id), eq(documentVersions.number, documents.versionNumber)),
      )
      .innerJoin(files, eq(files.id, documentVersions.fileId))
      .where(
        and(
          eq(documents.id, payload.documentId),
          eq(documents.institutionId, actor.institutionId),
          isNull(documents.deletedAt),
        ),
      )
    return found ?? null
  })

/** @throws JobFailure with the reason, when the bytes are of no kind that is read */
const tellType = async (
  { storage }: KnowledgeNeeds,
  { document, file }: Subject,
): Promise<'document' | 'image' | 'audio'> => {
  if (isReadable(file.mediaType)) return 'document'
  const detected = await storage.withLocalPath(file.storageKey, async (path) =>
    detectMediaType(await readHead(path), document.fileName, path),
  )
  if (!detected.ok) throw new JobFailure(detected.failure, detected.message)
  return detected.kind
}

const isReadable = (mediaType: string): mediaType is (typeof readableTypes)[number] =>
  readableTypes.some((type) => type === mediaType)

const readHead = async (path: string): Promise<Buffer> => {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Pictures and sound are kept until an engine can read them. */
const keepUnread = async (
  { db }: KnowledgeNeeds,
  { actor, payload }: Work<OfDocument>,
  { subject, setting }: { subject: Subject; setting: string },
): Promise<Record<string, unknown>> => {
  await db.as(scopeOf(actor), (db) =>
    db
      .update(documents)
      .set({
        status: 'stored',
        notice: { code: 'engine_not_configured', setting },
        version: sql`${documents.version} + 1`,
      })
      .where(eq(documents.id, subject.document.id)),
  )
  return { documentId: payload.documentId, notice: 'engine_not_configured' }
}

/** Deleted while it was read: what was written after that goes too. */
const forget = async (
  { db }: KnowledgeNeeds,
  { actor, payload }: Work<OfDocument>,
): Promise<Record<string, unknown>> => {
  await db.as(scopeOf(actor), (db) => db.delete(chunks).where(eq(chunks.documentId, payload.documentId)))
  return { documentId: payload.documentId, deleted: true }
}

/** Nothing of a document that could not be read stays in search; its file stays. */
const failDocument = (
  { db, bus, clock }: KnowledgeNeeds,
  actor: Actor,
  id: string,
  failure: { code: string; message: string },
): Promise<void> =>
  db.as(scopeOf(actor), async (db, after) => {
    await db.delete(chunks).where(eq(chunks.documentId, id))
    await db
      .update(documents)
      .set({ status: 'failed', failure, chunkCount: 0, updatedAt: clock.now(), version: sql`${documents.version} + 1` })
      .where(eq(documents.id, id))
    after(() => bus.publish('document.changed', { id, version: 0 }))
  })

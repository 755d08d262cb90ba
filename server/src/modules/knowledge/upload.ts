/** Taking a file in: it is on disk before the rows say so, and the rows say so together with the job that reads it. */
import type { Uploaded } from '@lyceum/contract/documents'
import { limits } from '@lyceum/contract/limits'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { detectMediaType } from '#modules/parsing'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { type AfterCommit, type Db, foreignKeyViolation, isSqlState, one } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import type { Upload } from '#platform/http/multipart.ts'
import { type Arrival, storageKey } from '#platform/storage/index.ts'
import { removeUnusedFile } from './erase.ts'
import { readKind } from './kinds.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { presentDocument } from './present.ts'
import { takeRoom } from './quota.ts'
import { documents, documentVersions, files } from './tables.ts'

interface Target {
  conversationId?: string | undefined
  courseId?: string | undefined
}

/**
 * Stores a file and queues its reading. The same bytes for the same person and conversation give the document that is
 * there already.
 * @throws AppError `file_too_large`, `quota_exceeded`, `storage_full`, `conversation_not_found`, `not_found` (course)
 */
export const uploadDocument = async (
  needs: KnowledgeNeeds,
  actor: Actor,
  { file, target }: { file: Upload['file']; target: Target },
): Promise<Uploaded> => {
  await checkTarget(needs, actor, target)
  const arrival = await needs.storage.receive(file.stream)
  if (file.isTooLarge()) {
    await arrival.drop()
    throw new AppError(
      'file_too_large',
      'The file is larger than this server takes; its limit is MAX_UPLOAD_MB (100 MiB unless set).',
    )
  }
  const fileName = cleanFileName(file.name)
  const detected = await detectMediaType(arrival.head, fileName, arrival.path)
  // What cannot be told is kept all the same; its reading ends with the reason.
  const mediaType = detected.ok ? detected.mediaType : 'application/octet-stream'
  const add = async (): Promise<Uploaded> => {
    const fileId = await keepFile(needs, actor, { arrival, mediaType })
    const made = { actor, target, fileId, fileName, mediaType, sizeBytes: arrival.sizeBytes }
    return needs.db
      .as(scopeOf(actor), async (db, after) => {
        const found = await findSame(db, actor, { fileId, conversationId: target.conversationId })
        return found ?? addDocument(needs, { db, after }, made)
      })
      .catch(async (error) => {
        // Nobody was told of it. Bytes that others have, too, stay theirs.
        if (isQuotaExceeded(error)) await removeUnusedFile(needs, actor, fileId)
        throw error
      })
  }
  try {
    return await add().catch((error) => {
      // The same bytes were being erased for good just now: they are stored anew.
      if (isSqlState(error, foreignKeyViolation)) return add()
      throw error
    })
  } finally {
    await arrival.drop()
  }
}

const isQuotaExceeded = (error: unknown): boolean => error instanceof AppError && error.code === 'quota_exceeded'

const checkTarget = async (
  needs: KnowledgeNeeds,
  actor: Actor,
  { conversationId, courseId }: Target,
): Promise<void> => {
  if (courseId) throw new AppError('not_found', 'There is no such course.')
  if (conversationId && !(await needs.isOwnConversation(actor, conversationId))) {
    throw new AppError('conversation_not_found', 'There is no such conversation.')
  }
}

/** A label for people: the last part of whatever path was sent, without characters that are none. */
export const cleanFileName = (given: string): string => {
  const base = given.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = base
    .toWellFormed()
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim()
  if (plain === '' || plain === '.' || plain === '..') return 'document'
  if (plain.length <= limits.fileNameChars) return plain
  const dot = plain.lastIndexOf('.')
  const ending = dot > 0 && plain.length - dot <= 12 ? plain.slice(dot) : ''
  return plain.slice(0, limits.fileNameChars - ending.length).toWellFormed() + ending
}

/** Gives the bytes their one place in the institution, unless they have it. */
const keepFile = async (
  { db, storage, clock }: KnowledgeNeeds,
  actor: Actor,
  { arrival, mediaType }: { arrival: Arrival; mediaType: string },
): Promise<string> => {
  const { institutionId } = actor
  const sameContent = and(eq(files.institutionId, institutionId), eq(files.sha256, arrival.sha256))
  const [known] = await db.as(scopeOf(actor), (db) => db.select({ id: files.id }).from(files).where(sameContent))
  if (known) return known.id
  const id = uuidv7()
  const key = storageKey(institutionId, id)
  await arrival.keep(key)
  const { sha256, sizeBytes } = arrival
  const kept = await db.as(scopeOf(actor), async (db) => {
    await db
      .insert(files)
      .values({ id, institutionId, sha256, sizeBytes, mediaType, storageKey: key, createdAt: clock.now() })
      .onConflictDoNothing()
    return one(await db.select({ id: files.id }).from(files).where(sameContent)).id
  })
  // Another upload of the same bytes was first.
  if (kept !== id) await storage.remove(key)
  return kept
}

/** Two uploads of the same bytes at once by one person: the second waits here and finds the first. */
const findSame = async (
  db: Db,
  actor: Actor,
  { fileId, conversationId }: { fileId: string; conversationId: string | undefined },
): Promise<Uploaded | null> => {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${actor.id}:${fileId}`}, 0))`)
  const [found] = await db
    .select({ document: documents })
    .from(documents)
    .innerJoin(
      documentVersions,
      and(eq(documentVersions.documentId, documents.id), eq(documentVersions.number, documents.versionNumber)),
    )
    .where(
      and(
        eq(documents.institutionId, actor.institutionId),
        eq(documents.ownerId, actor.id),
        eq(documentVersions.fileId, fileId),
        conversationId ? eq(documents.conversationId, conversationId) : isNull(documents.conversationId),
        isNull(documents.deletedAt),
      ),
    )
    .limit(1)
  if (!found?.document.jobId) return null
  return { document: presentDocument(found.document), job: { id: found.document.jobId } }
}

interface NewDocument {
  actor: Actor
  target: Target
  fileId: string
  fileName: string
  mediaType: string
  sizeBytes: number
}

const addDocument = async (
  { jobs, clock, bus, audit, quotaBytes }: KnowledgeNeeds,
  { db, after }: { db: Db; after: AfterCommit },
  { actor, target, fileId, fileName, mediaType, sizeBytes }: NewDocument,
): Promise<Uploaded> => {
  await takeRoom(db, actor, { sizeBytes, quotaBytes })
  const now = clock.now()
  const documentId = uuidv7()
  const owner = { institutionId: actor.institutionId, ownerId: actor.id }
  const jobId = await jobs.add(db, after, readKind, { actor, payload: { documentId }, now })
  const row = one(
    await db
      .insert(documents)
      .values({
        ...owner,
        id: documentId,
        conversationId: target.conversationId ?? null,
        reach: target.conversationId ? 'conversation' : 'person',
        createdBy: actor.id,
        title: fileName.replace(/\.[^.]{1,10}$/, '') || fileName,
        fileName,
        mediaType,
        sizeBytes,
        status: 'stored',
        jobId,
        createdAt: now,
        updatedAt: now,
      })
      .returning(),
  )
  await db.insert(documentVersions).values({ ...owner, documentId, number: 1, fileId, createdAt: now })
  await audit.record(db, actor, { action: 'document.uploaded', metadata: { documentId, jobId, sizeBytes } })
  after(() => bus.publish('document.changed', { id: documentId, version: 1 }))
  return { document: presentDocument(row), job: { id: jobId } }
}

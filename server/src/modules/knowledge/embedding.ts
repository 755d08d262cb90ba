/** Giving documents their vectors in the background: they are searched by words before, meanwhile, and without. */
import { and, eq, isNull } from 'drizzle-orm'
import { type Actor, systemActor } from '#platform/actor.ts'
import { type AfterCommit, type Db, one } from '#platform/db/index.ts'
import type { JobKind, Work } from '#platform/jobs/index.ts'
import { embedDocument, setReady } from './embed-document.ts'
import { embedKind, type OfDocument } from './kinds.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { findMissing, findUnsettled, type MissingDocument, settleSpaces } from './spaces.ts'
import { type DocumentRow, documents, embeddedDocuments } from './tables.ts'

export const createEmbedKind = (needs: KnowledgeNeeds): JobKind<OfDocument> => {
  const { embedder } = needs
  const giveUp = ({ id, actor, payload }: Pick<Work<OfDocument>, 'id' | 'payload' | 'actor'>): Promise<void> =>
    setReady(needs, actor, { documentId: payload.documentId, jobId: id })
  return {
    ...embedKind,
    concurrency: 2,
    attempts: 3,
    run: async (work) => {
      if (embedder) return embedDocument({ ...needs, embedder }, work)
      // There was an engine when the job was added.
      await giveUp(work)
      return { documentId: work.payload.documentId, skipped: 'engine_not_configured' }
    },
    // The document is searched by words; the sweep tries again.
    onDead: giveUp,
  }
}

/**
 * In the transaction that makes a document searchable by words: forgets how far its former chunks were and, where there
 * is an engine, adds the job that gives the new ones their vectors. The document can be asked from here on.
 * @returns what its row says now
 */
export const planEmbedding = async (
  { jobs, clock, embedder }: KnowledgeNeeds,
  { db, after }: { db: Db; after: AfterCommit },
  { actor, document, chunkCount }: { actor: Actor; document: DocumentRow; chunkCount: number },
): Promise<{ status: 'ready' } | { status: 'embedding'; jobId: string }> => {
  await db.delete(embeddedDocuments).where(eq(embeddedDocuments.documentId, document.id))
  if (!embedder || chunkCount === 0) return { status: 'ready' }
  const payload = { documentId: document.id }
  return { status: 'embedding', jobId: await jobs.add(db, after, embedKind, { actor, payload, now: clock.now() }) }
}

/** More are found by the next sweep. */
const sweptAtATime = 500

/**
 * Finds documents without vectors of the model that is set, as after it was set or changed, or after the engine was
 * away, and adds jobs for them. While the engine does not answer it adds none.
 * @param options `urgent` waits for an answer no longer than a search does: for the start
 */
export const sweepEmbeddings = async (needs: KnowledgeNeeds, { urgent = false } = {}): Promise<void> => {
  const { db, embedder, log } = needs
  if (!embedder) return
  const missing = await findMissing(db, embedder, { limit: sweptAtATime })
  const idle = missing.filter(({ isUnderWay }) => !isUnderWay)
  if (idle.length > 0) {
    try {
      await embedder.embed(['Is anybody there?'], { urgent })
    } catch (error) {
      log.warn({ err: error, documents: idle.length }, 'the embedding engine does not answer; search is by words alone')
      return
    }
  }
  for (const document of idle) await addJob(needs, document)
  for (const institutionId of await findUnsettled(db)) await settleSpaces(db, institutionId, embedder)
}

/** Another process may have found the same: the one that sees the document's last job unchanged adds the next. */
const addJob = (
  { db, jobs, clock }: KnowledgeNeeds,
  { id, institutionId, personId, jobId }: MissingDocument,
): Promise<void> =>
  db.as({ institutionId, personId }, async (db, after) => {
    const isUnchanged = and(eq(documents.id, id), jobId ? eq(documents.jobId, jobId) : isNull(documents.jobId))
    const [found] = await db.select({ id: documents.id }).from(documents).where(isUnchanged).for('update')
    if (!found) return
    const actor = systemActor({ institutionId, personId }, 'sweep')
    const newJobId = await jobs.add(db, after, embedKind, { actor, payload: { documentId: id }, now: clock.now() })
    one(await db.update(documents).set({ jobId: newJobId }).where(isUnchanged).returning({ id: documents.id }))
  })

/** The vectors of one document: a batch of chunks at a time, so that an end in between costs one batch. */
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm'
import { type Embedder, EngineError } from '#modules/engines'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { JobFailure, type Work } from '#platform/jobs/index.ts'
import type { OfDocument } from './kinds.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { ensureSpace, findWantedSpace, settleSpaces } from './spaces.ts'
import { chunks, documents, type EmbeddingSpace, embeddedDocuments } from './tables.ts'
import { storeVectors } from './vectors.ts'

type EmbeddingNeeds = KnowledgeNeeds & { embedder: Embedder }

const chunksAtATime = 32

interface Chunk {
  id: string
  ord: number
  headingPath: string[]
  text: string
}

/** @throws JobFailure `engine_unavailable`, `engine_mismatch` */
export const embedDocument = async (
  needs: EmbeddingNeeds,
  work: Work<OfDocument>,
): Promise<Record<string, unknown>> => {
  const { documentId } = work.payload
  const { institutionId } = work.actor
  const space = await enterSpace(needs, work)
  const begun = await beginDocument(needs, work, space)
  if (!begun) return { documentId, deleted: true }
  let [stored, after] = [0, -1]
  for (;;) {
    const batch = await nextChunks(needs, work, { spaceId: space.id, after })
    const last = batch.at(-1)
    if (!last) break
    const vectors = await embedChunks(needs, work, { space, chunks: batch, title: begun.title })
    await needs.db.as(scopeOf(work.actor), (db) => storeVectors(db, { spaceId: space.id, institutionId }, vectors))
    stored += vectors.length
    after = last.ord
    await work.report({ percent: Math.min(99, Math.floor((100 * (after + 1)) / begun.chunkCount)), step: 'embedding' })
  }
  await completeDocument(needs, work, space)
  if (space.state === 'building') await settleSpaces(needs.db, institutionId, needs.embedder)
  return { documentId, stored }
}

/** The space to write to; the first document of it asks the engine how many dimensions it has. */
const enterSpace = async (
  { db, embedder }: EmbeddingNeeds,
  { actor, signal }: Work<OfDocument>,
): Promise<EmbeddingSpace> => {
  const { institutionId } = actor
  const found = await db.as(scopeOf(actor), (db) => findWantedSpace(db, institutionId, embedder))
  if (found) return found
  const [vector] = await orFail(embedder.embed(['How many dimensions?'], { signal }))
  const { engine, model } = embedder
  const dimension = vector?.length ?? 0
  return db.as(scopeOf(actor), (db) => ensureSpace(db, institutionId, { engine, model, dimension }))
}

/** Takes the document over from whatever worked on it; null when it is gone. */
const beginDocument = (
  { db }: EmbeddingNeeds,
  { id: jobId, actor, payload }: Work<OfDocument>,
  { id: spaceId }: EmbeddingSpace,
): Promise<{ title: string; chunkCount: number } | null> =>
  db.as(scopeOf(actor), async (db) => {
    const { institutionId } = actor
    const [found] = await db
      .select({ title: documents.title, chunkCount: documents.chunkCount })
      .from(documents)
      .where(
        and(
          eq(documents.id, payload.documentId),
          eq(documents.institutionId, institutionId),
          isNull(documents.deletedAt),
        ),
      )
    if (!found) return null
    await db
      .insert(embeddedDocuments)
      .values({ spaceId, documentId: payload.documentId, institutionId, jobId })
      .onConflictDoUpdate({
        target: [embeddedDocuments.spaceId, embeddedDocuments.documentId],
        set: { jobId, completedAt: null },
      })
    return found
  })

/** What is there already was stored by an attempt that ended early. */
const nextChunks = (
  { db }: EmbeddingNeeds,
  { actor, payload }: Work<OfDocument>,
  { spaceId, after }: { spaceId: string; after: number },
): Promise<Chunk[]> =>
  db.as(scopeOf(actor), (db) =>
    db
      .select({ id: chunks.id, ord: chunks.ord, headingPath: chunks.headingPath, text: chunks.text })
      .from(chunks)
      .where(
        and(
          eq(chunks.institutionId, actor.institutionId),
          eq(chunks.documentId, payload.documentId),
          gt(chunks.ord, after),
          sql`not exists (select from chunk_vectors v where v.chunk_id = ${chunks.id} and v.space_id = ${spaceId}::uuid)`,
        ),
      )
      .orderBy(asc(chunks.ord))
      .limit(chunksAtATime),
  )

/** A passage out of its place says little: the title and the headings above it go with it. */
const textOf = (title: string, { headingPath, text }: Chunk): string => [title, ...headingPath, text].join('\n')

interface ToEmbed {
  space: EmbeddingSpace
  chunks: Chunk[]
  title: string
}

/** Vectors of a batch. Where the engine does not take it whole, each chunk is tried alone; one that is refused has none. */
const embedChunks = async (
  needs: EmbeddingNeeds,
  { signal, payload }: Work<OfDocument>,
  { space, chunks, title }: ToEmbed,
): Promise<{ chunkId: string; vector: Float32Array }[]> => {
  const embed = async (some: Chunk[]): Promise<{ chunkId: string; vector: Float32Array }[]> => {
    const vectors = await orFail(
      needs.embedder.embed(
        some.map((chunk) => textOf(title, chunk)),
        { signal },
      ),
    )
    return some.flatMap(({ id: chunkId }, at) => {
      const vector = vectors[at]
      if (vector?.length !== space.dimension) throw otherDimension(space, vector?.length)
      return [{ chunkId, vector }]
    })
  }
  try {
    return await embed(chunks)
  } catch (error) {
    if (!isRejected(error)) throw error
  }
  const found: { chunkId: string; vector: Float32Array }[] = []
  for (const chunk of chunks) {
    try {
      found.push(...(await embed([chunk])))
    } catch (error) {
      if (!isRejected(error)) throw error
      needs.log.warn({ documentId: payload.documentId, chunkId: chunk.id }, 'the embedding engine refused a passage')
    }
  }
  return found
}

const isRejected = (error: unknown): boolean => error instanceof EngineError && error.fault === 'rejected'

const otherDimension = ({ model, dimension }: EmbeddingSpace, actual = 0): JobFailure =>
  new JobFailure(
    'engine_mismatch',
    `The embedding engine gave ${actual} dimensions where ${model} had ${dimension}. A changed model needs a new name in EMBEDDING_MODEL.`,
  )

/** An engine that fails ends the job at once: it has been asked several times, and the sweep asks again later. */
const orFail = async <T>(asked: Promise<T>): Promise<T> => {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof EngineError) || error.fault === 'rejected') throw error
    throw new JobFailure('engine_unavailable', error.message)
  }
}

/** Nothing, when the document has been read anew since: then another job is on it. */
const completeDocument = async (
  needs: EmbeddingNeeds,
  { id: jobId, actor, payload }: Work<OfDocument>,
  space: EmbeddingSpace,
): Promise<void> => {
  const { documentId } = payload
  const completed = await needs.db.as(scopeOf(actor), (db) =>
    db
      .update(embeddedDocuments)
      .set({ completedAt: needs.clock.now() })
      .where(
        and(
          eq(embeddedDocuments.spaceId, space.id),
          eq(embeddedDocuments.documentId, documentId),
          eq(embeddedDocuments.jobId, jobId),
        ),
      )
      .returning({ documentId: embeddedDocuments.documentId }),
  )
  if (completed.length > 0) await setReady(needs, actor, { documentId, jobId })
}

/** Nothing more is awaited of this job: every chunk was asked for, or nobody can be asked. */
export const setReady = (
  { db, bus, clock }: KnowledgeNeeds,
  actor: Actor,
  { documentId, jobId }: { documentId: string; jobId: string },
): Promise<void> =>
  db.as(scopeOf(actor), async (db, after) => {
    const [row] = await db
      .update(documents)
      .set({ status: 'ready', updatedAt: clock.now(), version: sql`${documents.version} + 1` })
      .where(and(eq(documents.id, documentId), eq(documents.jobId, jobId), eq(documents.status, 'embedding')))
      .returning({ version: documents.version })
    if (row) after(() => bus.publish('document.changed', { id: documentId, version: row.version }))
  })

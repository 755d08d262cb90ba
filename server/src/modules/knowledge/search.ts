/** Finding passages within what a person may read. */
import type { SearchHit, SearchRequest } from '@lyceum/contract/documents'
import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import { EngineError } from '#modules/engines'
import { type QueryWeights, searchIndex } from '#modules/retrieval'
import { type Actor, scopeOf } from '#platform/actor.ts'
import type { Database, Db } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import { isReadable } from './access.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { type PlacedPassage, withNeighbours } from './neighbours.ts'
import type { FoundPassage } from './passages.ts'
import { isOn, rankPassages } from './ranking.ts'
import { findAskableSpace } from './spaces.ts'
import { documents } from './tables.ts'
import { searchVectors } from './vectors.ts'

export interface PassageScope {
  documentIds?: string[] | undefined
  conversationId?: string | undefined
}

export interface PassageSearch {
  query: string
  scope: PassageScope
  limit: number
  /** Widens each passage by the chunks around it and merges those that meet, so that there may be fewer than `limit`. */
  neighbours?: boolean
}

export interface FoundPassages {
  /** By `relevance`, best first. */
  passages: FoundPassage[]
  weights: QueryWeights
  /** How much was looked through. */
  searched: { documents: number; pages: number }
  /** Whether a stage that is on could not take part, as when the embedding engine is away. */
  degraded: boolean
}

/** What a search needs of the module. */
export type SearchNeeds = Pick<KnowledgeNeeds, 'db' | 'embedder' | 'stages'>

/** What each stage puts forward to the fusion; far more than anyone is shown. */
const candidates = 50

/** The best passages for a question, best first. @throws AppError `document_not_found` when a named document is not in reach */
export const findPassages = async (needs: SearchNeeds, actor: Actor, search: PassageSearch): Promise<FoundPassages> => {
  const question = await askEngine(needs, actor, search.query)
  const found = await needs.db.as(scopeOf(actor), (db) =>
    lookUp(db, actor, { ...search, question, stages: needs.stages }),
  )
  if (!search.neighbours) return found
  return { ...found, passages: await withNeighbours(needs.db, actor, found.passages) }
}

/** A question as a vector; null when it could not be made, and `off` when nobody wants one. */
type QuestionVector = { spaceId: string; vector: Float32Array } | null | 'off'

const askEngine = async (
  { db, embedder, stages }: SearchNeeds,
  actor: Actor,
  query: string,
): Promise<QuestionVector> => {
  if (!embedder || !isOn(stages, 'vector')) return 'off'
  const space = await db.as(scopeOf(actor), (db) => findAskableSpace(db, actor.institutionId, embedder))
  if (!space) return null
  try {
    const [vector] = await embedder.embed([query], { model: space.model, urgent: true })
    return vector?.length === space.dimension ? { spaceId: space.id, vector } : null
  } catch (error) {
    if (error instanceof EngineError) return null
    throw error
  }
}

const lookUp = async (
  db: Db,
  actor: Actor,
  {
    query,
    scope,
    limit,
    question,
    stages,
  }: PassageSearch & { question: QuestionVector; stages: SearchNeeds['stages'] },
): Promise<Omit<FoundPassages, 'passages'> & { passages: PlacedPassage[] }> => {
  const inScope = await documentsInScope(db, actor, scope)
  const { institutionId } = actor
  const documentIds = inScope.map(({ id }) => id)
  const most = Math.max(limit, candidates)
  // Always asked: whether the material speaks of the question at all is told by its words.
  const byWords = await searchIndex(db, { institutionId, documentIds, query, limit: most })
  const vector = question === 'off' ? null : question
  const byVectors = vector ? await searchVectors(db, { ...vector, institutionId, documentIds, limit: most }) : []
  return {
    passages: await rankPassages(db, { query, byWords, byVectors }, { institutionId, stages, limit }),
    weights: byWords.weights,
    searched: { documents: inScope.length, pages: inScope.reduce((sum, { pageCount }) => sum + pageCount, 0) },
    degraded: question === null && inScope.length > 0,
  }
}

/** @throws AppError `document_not_found` when one of them is not in the actor's reach */
export const checkDocuments = async (db: Database, actor: Actor, documentIds: string[]): Promise<void> => {
  await db.as(scopeOf(actor), (db) => documentsInScope(db, actor, { documentIds }))
}

/** Documents that can be asked: their words are indexed, whether or not they have their vectors yet. */
const documentsInScope = async (db: Db, actor: Actor, { documentIds, conversationId }: PassageScope) => {
  const ofConversation = conversationId
    ? or(isNull(documents.conversationId), eq(documents.conversationId, conversationId))
    : undefined
  const named = documentIds && documentIds.length > 0 ? documentIds : undefined
  const found = await db
    .select({ id: documents.id, status: documents.status, pageCount: documents.pageCount })
    .from(documents)
    .where(and(isReadable(actor), named ? inArray(documents.id, named) : ofConversation))
  const missing = named?.find((id) => !found.some((document) => document.id === id))
  if (missing)
    throw new AppError('document_not_found', 'There is no such document.', { details: { documentId: missing } })
  return found.filter(({ status }) => status === 'embedding' || status === 'ready')
}

/** The search call: passages with the scores of each stage. The audit trail takes the documents that were hit, not the query. */
export const search = async (
  needs: SearchNeeds & Pick<KnowledgeNeeds, 'audit'>,
  actor: Actor,
  { query, documentIds, courseId, limit }: SearchRequest,
) => {
  if (courseId) throw new AppError('not_found', 'There is no such course.')
  const { passages, degraded } = await findPassages(needs, actor, { query, scope: { documentIds }, limit })
  const hits = [...new Set(passages.map(({ documentId }) => documentId))]
  await needs.audit.recordAlone(actor, { action: 'material.searched', metadata: { documentIds: hits } })
  return { items: passages.map(presentHit), degraded }
}

const presentHit = (passage: FoundPassage): SearchHit => ({ ...passage, score: passage.relevance })

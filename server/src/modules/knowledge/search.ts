/** Finding passages within what a person may read. */
import type { SearchHit, SearchRequest } from '@lyceum/contract/documents'
import { EngineError } from '#modules/engines'
import { type QueryWeights, searchIndex } from '#modules/retrieval'
import { type Actor, scopeOf } from '#platform/actor.ts'
import type { Database, Statement } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import { readableText } from './access.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { type PlacedPassage, withNeighbours } from './neighbours.ts'
import type { FoundPassage } from './passages.ts'
import { isOn, rankPassages } from './ranking.ts'
import { findAskableSpace } from './spaces.ts'
import type { DocumentRow } from './tables.ts'
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
export type SearchNeeds = Pick<KnowledgeNeeds, 'db' | 'embedder' | 'stages' | 'rowCache'>

/** What each stage puts forward to the fusion; far more than anyone is shown. */
const candidates = 50

/** The best passages for a question, best first. @throws AppError `document_not_found` when a named document is not in reach */
export const findPassages = async (needs: SearchNeeds, actor: Actor, search: PassageSearch): Promise<FoundPassages> => {
  const question = await askEngine(needs, actor, search.query)
  const found = await lookUp(needs, actor, { ...search, question })
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
  { db, stages, rowCache }: SearchNeeds,
  actor: Actor,
  { query, scope, limit, question }: PassageSearch & { question: QuestionVector },
): Promise<Omit<FoundPassages, 'passages'> & { passages: PlacedPassage[] }> => {
  const inScope = await documentsInScope(db, actor, scope)
  const documentIds = inScope.map(({ id }) => id)
  const within = { scope: scopeOf(actor), documentIds, limit: Math.max(limit, candidates) }
  // Always asked: whether the material speaks of the question at all is told by its words.
  const byWords = await searchIndex(db, { ...within, query }, rowCache)
  const vector = question === 'off' ? null : question
  const byVectors = vector ? await searchVectors(db, within.scope, { ...within, ...vector }) : []
  return {
    passages: await rankPassages(db, actor, { query, byWords, byVectors, stages, limit }),
    weights: byWords.weights,
    searched: { documents: inScope.length, pages: inScope.reduce((sum, { pageCount }) => sum + pageCount, 0) },
    degraded: question === null && inScope.length > 0,
  }
}

/** @throws AppError `document_not_found` when one of them is not in the actor's reach */
export const checkDocuments = async (db: Database, actor: Actor, documentIds: string[]): Promise<void> => {
  await documentsInScope(db, actor, { documentIds })
}

const inScopeText = (condition: string): string =>
  `select id, status, page_count as "pageCount" from documents where ${readableText} ${condition}`
/** The documents named in `$3`, all of no conversation or of the one in `$3`, all. */
const namedText = inScopeText('and id = any($3::uuid[])')
const ofConversationText = inScopeText('and (conversation_id is null or conversation_id = $3::uuid)')
const allText = inScopeText('')

const scopeStatement = (actor: Actor, { documentIds, conversationId }: PassageScope): Statement => {
  const params = [actor.institutionId, actor.id]
  if (documentIds && documentIds.length > 0) return { text: namedText, params: [...params, documentIds] }
  if (conversationId) return { text: ofConversationText, params: [...params, conversationId] }
  return { text: allText, params }
}

type InScope = Pick<DocumentRow, 'id' | 'status' | 'pageCount'>

/** Documents that can be asked: their words are indexed, whether or not they have their vectors yet. */
const documentsInScope = async (db: Database, actor: Actor, scope: PassageScope): Promise<InScope[]> => {
  const [answer = []] = await db.batch(scopeOf(actor), [scopeStatement(actor, scope)])
  const found = answer as unknown as InScope[]
  const known = new Set(found.map(({ id }) => id))
  const missing = scope.documentIds?.find((id) => !known.has(id))
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

/** Which vectors may be compared with which: the spaces of an institution, from their making to their end. */
import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import type { Embedder } from '#modules/engines'
import { type Database, type Db, one, rows } from '#platform/db/index.ts'
import { type EmbeddingSpace, embeddedDocuments, embeddingSpaces } from './tables.ts'

/** What the engine is set to make now. */
type Wanted = Pick<Embedder, 'engine' | 'model'>

const isWanted =
  ({ engine, model }: Wanted) =>
  (space: EmbeddingSpace): boolean =>
    space.engine === engine && space.model === model

const liveSpaces = (db: Db, institutionId: string): Promise<EmbeddingSpace[]> =>
  db
    .select()
    .from(embeddingSpaces)
    .where(and(eq(embeddingSpaces.institutionId, institutionId), ne(embeddingSpaces.state, 'retired')))

/**
 * The space that a question can be asked in: the one that serves, with whatever model it was made, as long as its
 * engine is the one that is set. An engine that is not set any more is not called; then the new space serves with what
 * it has.
 */
export const findAskableSpace = async (
  db: Db,
  institutionId: string,
  wanted: Wanted,
): Promise<EmbeddingSpace | undefined> => {
  const live = await liveSpaces(db, institutionId)
  const serving = live.find(({ state, engine }) => state === 'serving' && engine === wanted.engine)
  return serving ?? live.find(isWanted(wanted))
}

/** The space that is written to, if it is there already. */
export const findWantedSpace = async (
  db: Db,
  institutionId: string,
  wanted: Wanted,
): Promise<EmbeddingSpace | undefined> => (await liveSpaces(db, institutionId)).find(isWanted(wanted))

/** The space that is written to. What was being built for another model is given up. */
export const ensureSpace = async (
  db: Db,
  institutionId: string,
  { engine, model, dimension }: Wanted & { dimension: number },
): Promise<EmbeddingSpace> => {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`embedding_spaces:${institutionId}`}, 0))`)
  const live = await liveSpaces(db, institutionId)
  const found = live.find(isWanted({ engine, model }))
  if (found) return found
  await retire(db, institutionId, 'building')
  const state = live.some((space) => space.state === 'serving') ? 'building' : 'serving'
  return one(await db.insert(embeddingSpaces).values({ institutionId, engine, model, dimension, state }).returning())
}

const retire = (db: Db, institutionId: string, state: 'building' | 'serving') =>
  db
    .update(embeddingSpaces)
    .set({ state: 'retired' })
    .where(and(eq(embeddingSpaces.institutionId, institutionId), eq(embeddingSpaces.state, state)))

/** Lets the wanted space take the place of the one that serves, and gives up what else was being built. */
const promote = async (db: Db, institutionId: string, wanted: Wanted): Promise<void> => {
  const space = await findWantedSpace(db, institutionId, wanted)
  if (!space) return
  if (space.state === 'serving') return void (await retire(db, institutionId, 'building'))
  await retire(db, institutionId, 'serving')
  await db
    .update(embeddingSpaces)
    .set({ state: 'serving' })
    .where(and(eq(embeddingSpaces.id, space.id), eq(embeddingSpaces.state, 'building')))
}

export interface MissingDocument {
  id: string
  institutionId: string
  /** On whose behalf it is worked on. */
  personId: string
  jobId: string | null
  /** Whether work on it is waiting or under way. */
  isUnderWay: boolean
}

/** Documents that are searched by words and have no vectors in the wanted space, oldest first; of all institutions or one. */
export const findMissing = (
  database: Database,
  { engine, model }: Wanted,
  { institutionId, limit }: { institutionId?: string; limit: number },
): Promise<MissingDocument[]> =>
  database.door((db) =>
    rows<MissingDocument>(
      db,
      sql`select d.id, d.institution_id as "institutionId", coalesce(d.owner_id, d.created_by) as "personId",
          d.job_id as "jobId",
          exists (select from jobs j where j.id = d.job_id and j.state in ('queued', 'running')) as "isUnderWay"
        from documents d
        where d.deleted_at is null and d.status in ('embedding', 'ready') and d.chunk_count > 0
          and ${institutionId ? sql`d.institution_id = ${institutionId}::uuid` : sql`true`}
          and not exists (select from embedding_spaces s
            join embedded_documents e on e.space_id = s.id and e.document_id = d.id and e.completed_at is not null
            where s.institution_id = d.institution_id and s.engine = ${engine} and s.model = ${model}
              and s.state <> 'retired')
        order by d.created_at, d.id limit ${limit}::int`,
    ),
  )

/** Institutions with a space that is built or has had its day. */
export const findUnsettled = (database: Database): Promise<string[]> =>
  database.door(async (db) => {
    const found = await db
      .selectDistinct({ institutionId: embeddingSpaces.institutionId })
      .from(embeddingSpaces)
      .where(ne(embeddingSpaces.state, 'serving'))
    return found.map(({ institutionId }) => institutionId)
  })

/** Documents whose old vectors go in one transaction: short enough that others get their turn at the database. */
const removedAtATime = 20

/** Once no document lacks vectors in the wanted space it serves, and what it replaced is removed. */
export const settleSpaces = async (database: Database, institutionId: string, wanted: Wanted): Promise<void> => {
  const scope = { institutionId, personId: null }
  const missing = await findMissing(database, wanted, { institutionId, limit: 1 })
  if (missing.length === 0) await database.as(scope, (db) => promote(db, institutionId, wanted))
  const isRetired = and(eq(embeddingSpaces.institutionId, institutionId), eq(embeddingSpaces.state, 'retired'))
  let removed: { id: string }[]
  do {
    removed = await database.as(scope, async (db) => {
      const retired = db.select({ id: embeddingSpaces.id }).from(embeddingSpaces).where(isRetired)
      const next = db
        .select({ id: embeddedDocuments.documentId })
        .from(embeddedDocuments)
        .where(inArray(embeddedDocuments.spaceId, retired))
        .limit(removedAtATime)
      // The vectors go with these rows, whoever's they are.
      return db
        .delete(embeddedDocuments)
        .where(and(inArray(embeddedDocuments.spaceId, retired), inArray(embeddedDocuments.documentId, next)))
        .returning({ id: embeddedDocuments.documentId })
    })
  } while (removed.length > 0)
  await database.as(scope, (db) => db.delete(embeddingSpaces).where(isRetired))
}

/**
 * Vectors of chunks: written beside the chunks, compared exactly within the scope. An index of neighbours (HNSW) would
 * need one dimension for all, and loses hits under a narrow scope; it pays from some 50,000 chunks in scope on
 * (docs/measurements.md, "Index").
 */
import { sql } from 'drizzle-orm'
import type { Database, Db, Scope } from '#platform/db/index.ts'

/** Seven digits are what 32 bits hold. */
const printed = (vector: Float32Array): string =>
  `[${Array.from(vector, (value) => Number(value.toPrecision(7))).join()}]`

/** Chunks that are gone by now are left out. */
export const storeVectors = (
  db: Db,
  { spaceId, institutionId }: { spaceId: string; institutionId: string },
  vectors: readonly { chunkId: string; vector: Float32Array }[],
): Promise<unknown> =>
  db.execute(sql`
    insert into chunk_vectors (chunk_id, space_id, document_id, institution_id, owner_id, conversation_id, course_id,
      faculty_id, semester_id, embedding)
    select c.id, ${spaceId}::uuid, c.document_id, c.institution_id, c.owner_id, c.conversation_id, c.course_id,
      c.faculty_id, c.semester_id, given.embedding::vector
    from unnest(${sql.param(vectors.map(({ chunkId }) => chunkId))}::uuid[],
      ${sql.param(vectors.map(({ vector }) => printed(vector)))}::text[]) as given (chunk_id, embedding)
    join chunks c on c.id = given.chunk_id and c.institution_id = ${institutionId}::uuid
    on conflict do nothing`)

export interface VectorHit {
  versionId: string
  ord: number
  /** Cosine of the angle between question and chunk, up to 1. */
  similarity: number
}

/** `$1` is the institution, `$2` the space, `$3` the documents, `$4` the question's vector, `$5` how many. */
const nearestText = `
  select c.version_id as "versionId", c.ord, (1 - near.distance)::float8 as similarity
  from (
    select chunk_id, embedding <=> $4::vector as distance from chunk_vectors
    where institution_id = $1::uuid and space_id = $2::uuid and document_id = any($3::uuid[])
    order by distance, chunk_id limit $5::int
  ) near
  join chunks c on c.id = near.chunk_id
  order by near.distance, near.chunk_id`

/** The nearest chunks of the given documents, nearest first. */
export const searchVectors = async (
  db: Database,
  scope: Scope,
  {
    spaceId,
    documentIds,
    vector,
    limit,
  }: { spaceId: string; documentIds: readonly string[]; vector: Float32Array; limit: number },
): Promise<VectorHit[]> => {
  if (documentIds.length === 0) return []
  const params = [scope.institutionId, spaceId, [...documentIds], printed(vector), limit]
  const [found = []] = await db.batch(scope, [{ text: nearestText, params }])
  return found as unknown as VectorHit[]
}

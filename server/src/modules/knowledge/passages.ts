/** Passages as they stand on their pages. */
import { and, eq, sql } from 'drizzle-orm'
import { type Actor, scopeOf } from '#platform/actor.ts'
import type { Database, Db } from '#platform/db/index.ts'
import { chunks, documents, documentVersions, pages } from './tables.ts'

/** What each stage of a search gave a passage; absent where the stage is off, or did not find it. */
export interface StageScores {
  /** Weighted BM25. */
  lexical?: number
  /** Cosine of the angle between question and passage. */
  vector?: number
  rerank?: number
}

/** A passage with all that a receipt needs: `text` is its page's text from `start` to `end`. */
export interface FoundPassage {
  chunkId: string
  documentId: string
  title: string
  /** Number of the version it was read in. */
  version: number
  page: number
  start: number
  end: number
  headingPath: string[]
  text: string
  language: 'en' | 'de' | 'ar' | 'id' | null
  /** What its words say, on the scale of the search's `weights`; 0 where no word of the question stands in it. */
  score: number
  /** What it is ordered by: the ranks that the stages gave it, fused. Compares within one search alone. */
  relevance: number
  stages: StageScores
}

/** A chunk's place in a document version, by which the indexes name it. */
export interface ChunkPlace {
  versionId: string
  ord: number
}

export const placeKey = ({ versionId, ord }: ChunkPlace): string => `${versionId}:${ord}`

export type LoadedPassage = Omit<FoundPassage, 'score' | 'relevance' | 'stages'> & ChunkPlace

/** Chunks by `placeKey`. One that is gone is missing. */
export const loadChunks = async (
  db: Db,
  institutionId: string,
  wanted: readonly ChunkPlace[],
): Promise<Map<string, LoadedPassage>> => {
  if (wanted.length === 0) return new Map()
  const places = sql.join(
    wanted.map(({ versionId, ord }) => sql`(${versionId}::uuid, ${ord}::int)`),
    sql`, `,
  )
  const found = await db
    .select({
      versionId: chunks.versionId,
      ord: chunks.ord,
      chunkId: chunks.id,
      documentId: chunks.documentId,
      title: documents.title,
      version: documentVersions.number,
      page: chunks.page,
      start: chunks.start,
      end: chunks.end,
      headingPath: chunks.headingPath,
      text: chunks.text,
      language: chunks.language,
    })
    .from(chunks)
    .innerJoin(documents, eq(documents.id, chunks.documentId))
    .innerJoin(documentVersions, eq(documentVersions.id, chunks.versionId))
    .where(and(eq(chunks.institutionId, institutionId), sql`(${chunks.versionId}, ${chunks.ord}) in (${places})`))
  return new Map(found.map((chunk) => [placeKey(chunk), chunk]))
}

type PagePlace = Pick<FoundPassage, 'documentId' | 'version' | 'page'>

/** The whole text of the pages that sources stand on, in the order of the sources. */
export const readPageTexts = (db: Database, actor: Actor, sources: readonly PagePlace[]): Promise<string[]> =>
  sources.length === 0 ? Promise.resolve([]) : db.as(scopeOf(actor), (db) => loadPageTexts(db, actor, sources))

export const loadPageTexts = async (
  db: Db,
  { institutionId }: Pick<Actor, 'institutionId'>,
  sources: readonly PagePlace[],
): Promise<string[]> => {
  const places = sql.join(
    sources.map(({ documentId, version, page }) => sql`(${documentId}::uuid, ${version}::int, ${page}::int)`),
    sql`, `,
  )
  const found = await db
    .select({
      documentId: documentVersions.documentId,
      version: documentVersions.number,
      page: pages.number,
      text: pages.text,
    })
    .from(pages)
    .innerJoin(documentVersions, eq(documentVersions.readingId, pages.readingId))
    .where(
      and(
        eq(pages.institutionId, institutionId),
        sql`(${documentVersions.documentId}, ${documentVersions.number}, ${pages.number}) in (${places})`,
      ),
    )
  const texts = new Map(found.map(({ documentId, version, page, text }) => [`${documentId}:${version}:${page}`, text]))
  return sources.map(({ documentId, version, page }) => texts.get(`${documentId}:${version}:${page}`) ?? '')
}

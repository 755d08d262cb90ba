/** Passages as they stand on their pages. */
import { type Actor, scopeOf } from '#platform/actor.ts'
import type { Database } from '#platform/db/index.ts'

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

/** `$1` is the institution, `$2` and `$3` are the versions and the places in them. */
const chunksText = `
  select c.version_id as "versionId", c.ord, c.id as "chunkId", c.document_id as "documentId", d.title,
    v.number as version, c.page, c.start, c."end", c.heading_path as "headingPath", c.text, c.language
  from unnest($2::uuid[], $3::integer[]) as wanted (version_id, ord)
  join chunks c on c.version_id = wanted.version_id and c.ord = wanted.ord
  join documents d on d.id = c.document_id
  join document_versions v on v.id = c.version_id
  where c.institution_id = $1::uuid`

/** Chunks by `placeKey`. One that is gone is missing. */
export const loadChunks = async (
  db: Database,
  actor: Actor,
  wanted: readonly ChunkPlace[],
): Promise<Map<string, LoadedPassage>> => {
  if (wanted.length === 0) return new Map()
  const params = [actor.institutionId, wanted.map(({ versionId }) => versionId), wanted.map(({ ord }) => ord)]
  const [found = []] = await db.batch(scopeOf(actor), [{ text: chunksText, params }])
  return new Map((found as unknown as LoadedPassage[]).map((chunk) => [placeKey(chunk), chunk]))
}

type PagePlace = Pick<FoundPassage, 'documentId' | 'version' | 'page'>

/** `$1` is the institution, `$2` to `$4` are documents, the numbers of their versions and of pages. */
const pageTextsText = `
  select wanted.at, p.text
  from unnest($2::uuid[], $3::integer[], $4::integer[]) with ordinality as wanted (document_id, version, page, at)
  join document_versions v on v.document_id = wanted.document_id and v.number = wanted.version
  join pages p on p.reading_id = v.reading_id and p.number = wanted.page
  where p.institution_id = $1::uuid`

/** The whole text of the pages that sources stand on, in the order of the sources. */
export const readPageTexts = async (db: Database, actor: Actor, sources: readonly PagePlace[]): Promise<string[]> => {
  if (sources.length === 0) return []
  const column = <K extends keyof PagePlace>(name: K) => sources.map((source) => source[name])
  const params = [actor.institutionId, column('documentId'), column('version'), column('page')]
  const [found = []] = await db.batch(scopeOf(actor), [{ text: pageTextsText, params }])
  // `ordinality` is a 64-bit number, which comes as text.
  const texts = new Map((found as { at: string; text: string }[]).map(({ at, text }) => [Number(at), text]))
  return sources.map((_, at) => texts.get(at + 1) ?? '')
}

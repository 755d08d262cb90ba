/** The order of passages: by their words, the best of them read again, and by their vectors; the ranks are fused. */
import { type IndexHit, type QueryWeights, rerank, rerankDepth } from '#modules/retrieval'
import type { Actor } from '#platform/actor.ts'
import type { Database } from '#platform/db/index.ts'
import { fuseRanks } from './fusion.ts'
import type { SearchStage } from './needs.ts'
import type { PlacedPassage } from './neighbours.ts'
import { type ChunkPlace, type LoadedPassage, loadChunks, placeKey } from './passages.ts'
import type { VectorHit } from './vectors.ts'

/** What the stages found for a question, each best first. */
export interface Found {
  query: string
  byWords: { hits: readonly IndexHit[]; weights: QueryWeights }
  byVectors: readonly VectorHit[]
}

export const isOn = (stages: readonly SearchStage[] | undefined, stage: SearchStage): boolean =>
  stages?.includes(stage) ?? true

/**
 * The best passages, best first. The re-ranker knows words alone: it betters their order before the vectors join, as
 * afterwards it would put every paraphrase last.
 */
export const rankPassages = async (
  db: Database,
  actor: Actor,
  { query, byWords, byVectors, stages, limit }: Found & { stages: readonly SearchStage[] | undefined; limit: number },
): Promise<PlacedPassage[]> => {
  const hits = isOn(stages, 'lexical') ? byWords.hits : []
  const toRead = isOn(stages, 'rerank') ? hits.slice(0, rerankDepth) : []
  const loaded = await loadChunks(db, actor, toRead)
  const reread = readAgain({ query, byWords }, toRead, loaded)
  const words = new Map(hits.map((hit) => [placeKey(hit), hit]))
  const vectors = new Map(byVectors.map((hit) => [placeKey(hit), hit]))
  const best = fuseRanks([[...new Set([...reread.keys(), ...words.keys()])], [...vectors.keys()]]).slice(0, limit)
  const others = best.flatMap(([key]): ChunkPlace[] => {
    const place = loaded.has(key) ? undefined : (words.get(key) ?? vectors.get(key))
    return place ? [place] : []
  })
  for (const [key, chunk] of await loadChunks(db, actor, others)) loaded.set(key, chunk)
  const scores = new Map(byWords.hits.map((hit) => [placeKey(hit), hit.score]))
  return best.flatMap(([key, relevance]) => {
    const chunk = loaded.get(key)
    if (!chunk) return []
    const [word, vector, again] = [words.get(key), vectors.get(key), reread.get(key)]
    const stages = {
      ...(word && { lexical: word.score }),
      ...(vector && { vector: vector.similarity }),
      ...(again !== undefined && { rerank: again }),
    }
    return [{ ...chunk, score: scores.get(key) ?? 0, relevance, stages }]
  })
}

/** The re-ranker's score of each passage, in its order. */
const readAgain = (
  { query, byWords: { weights } }: Pick<Found, 'query' | 'byWords'>,
  toRead: readonly IndexHit[],
  loaded: ReadonlyMap<string, LoadedPassage>,
): Map<string, number> => {
  const read = toRead.flatMap((hit) => {
    const chunk = loaded.get(placeKey(hit))
    if (!chunk) return []
    const { text, language, title, headingPath } = chunk
    return [{ key: placeKey(hit), text, language, headingPath: [title, ...headingPath], score: hit.score }]
  })
  const { order, scores: given } = rerank({ query, language: weights.language, weights, passages: read })
  return new Map(order.flatMap((at): [string, number][] => (read[at] ? [[read[at].key, given[at] ?? 0]] : [])))
}

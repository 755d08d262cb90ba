/** Passages with what stands around them on the page, for a reader that needs the context: a model. */
import type { Actor } from '#platform/actor.ts'
import type { Database } from '#platform/db/index.ts'
import { type ChunkPlace, type FoundPassage, loadChunks, placeKey, readPageTexts } from './passages.ts'

export type PlacedPassage = FoundPassage & ChunkPlace

/**
 * Widens each passage by the chunks before and after it on its page, and makes one of those that then overlap or touch;
 * it keeps the place, the name and the scores of the best of them. `text` stays the page's text from `start` to `end`.
 */
export const withNeighbours = async (
  db: Database,
  actor: Actor,
  passages: readonly PlacedPassage[],
): Promise<PlacedPassage[]> => {
  if (passages.length === 0) return []
  const around = passages.flatMap(({ versionId, ord }) => [
    { versionId, ord: ord - 1 },
    { versionId, ord: ord + 1 },
  ])
  const found = await loadChunks(db, actor, around)
  const wide = passages.map((passage): PlacedPassage => {
    const beside = [passage.ord - 1, passage.ord + 1].flatMap((ord) => {
      const neighbour = found.get(placeKey({ versionId: passage.versionId, ord }))
      return neighbour?.page === passage.page ? [neighbour] : []
    })
    return beside.reduce<PlacedPassage>(widen, passage)
  })
  const merged = mergePassages(wide)
  const texts = await readPageTexts(db, actor, merged)
  return merged.map((passage, at) => ({ ...passage, text: (texts[at] ?? '').slice(passage.start, passage.end) }))
}

type Range = Pick<FoundPassage, 'start' | 'end'>

const widen = <P extends Range>(passage: P, { start, end }: Range): P => ({
  ...passage,
  start: Math.min(passage.start, start),
  end: Math.max(passage.end, end),
})

type OnPage = Range & Pick<PlacedPassage, 'versionId' | 'page'>

/** Best first in, best first out: ranges of one page that overlap or touch become one. */
export const mergePassages = <P extends OnPage>(passages: readonly P[]): P[] => {
  const merged: P[] = []
  for (const passage of passages) {
    // One that closes the gap between two makes one of all three.
    const touched = merged.filter((other) => doTouch(other, passage))
    const [best] = touched
    if (!best) {
      merged.push(passage)
      continue
    }
    merged[merged.indexOf(best)] = [...touched.slice(1), passage].reduce<P>(widen, best)
    for (const other of touched.slice(1)) merged.splice(merged.indexOf(other), 1)
  }
  return merged
}

const doTouch = (a: OnPage, b: OnPage): boolean =>
  a.versionId === b.versionId && a.page === b.page && a.start <= b.end && b.start <= a.end

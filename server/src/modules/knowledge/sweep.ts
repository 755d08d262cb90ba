/** Files that arrived and were kept, but whose rows were never written: the server died in between, nobody was told of them. */
import { and, eq, inArray, isNull, lt } from 'drizzle-orm'
import type { KnowledgeNeeds } from './needs.ts'
import { files, readings } from './tables.ts'

/** Older than any upload that may still be writing its rows. */
const graceMs = 10 * 60_000
const batch = 500

/** @returns how many were removed */
export const sweepFiles = async (needs: KnowledgeNeeds, institutionId: string): Promise<number> => {
  const before = needs.clock.now().getTime() - graceMs
  let [removed, keys]: [number, string[]] = [0, []]
  for await (const { key, writtenAt } of needs.storage.list(institutionId)) {
    if (writtenAt.getTime() > before) continue
    keys.push(key)
    if (keys.length < batch) continue
    removed += await removeUnknown(needs, institutionId, keys)
    keys = []
  }
  return removed + (await removeUnknown(needs, institutionId, keys))
}

/** Longer than any reading takes. */
const readingGraceMs = 24 * 60 * 60_000

/** Readings that were begun and never finished, as a killed server leaves them; no document points to them. */
export const sweepReadings = ({ db, clock }: KnowledgeNeeds, institutionId: string): Promise<void> =>
  db.as({ institutionId, personId: null }, async (db) => {
    const before = new Date(clock.now().getTime() - readingGraceMs)
    await db
      .delete(readings)
      .where(
        and(eq(readings.institutionId, institutionId), isNull(readings.completedAt), lt(readings.createdAt, before)),
      )
  })

const removeUnknown = async (
  { db, storage, log }: KnowledgeNeeds,
  institutionId: string,
  keys: string[],
): Promise<number> => {
  if (keys.length === 0) return 0
  const known = await db.as({ institutionId, personId: null }, (db) =>
    db
      .select({ key: files.storageKey })
      .from(files)
      .where(and(eq(files.institutionId, institutionId), inArray(files.storageKey, keys))),
  )
  const isKnown = new Set(known.map(({ key }) => key))
  const orphans = keys.filter((key) => !isKnown.has(key))
  for (const key of orphans) await storage.remove(key)
  if (orphans.length > 0) log.warn({ count: orphans.length }, 'removed files that no document knows')
  return orphans.length
}

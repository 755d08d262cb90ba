/** Room for what a person keeps. */
import { and, eq, sql } from 'drizzle-orm'
import type { Actor } from '#platform/actor.ts'
import { type Db, one } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import { documents } from './tables.ts'

/**
 * Holds room for a document until the transaction that writes it ends: uploads of one person wait for each other here.
 * What is deleted counts until it is gone for good, as its file lies there until then.
 * @throws AppError `quota_exceeded`
 */
export const takeRoom = async (
  db: Db,
  actor: Actor,
  { sizeBytes, quotaBytes }: { sizeBytes: number; quotaBytes: number },
): Promise<void> => {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`room:${actor.id}`}, 0))`)
  const { used } = one(
    await db
      .select({ used: sql<string>`coalesce(sum(${documents.sizeBytes}), 0)` })
      .from(documents)
      .where(and(eq(documents.institutionId, actor.institutionId), eq(documents.ownerId, actor.id))),
  )
  const usedBytes = Number(used)
  if (usedBytes + sizeBytes <= quotaBytes) return
  throw new AppError(
    'quota_exceeded',
    `Your documents take ${inMiB(usedBytes)} of ${inMiB(quotaBytes)} MiB, and this one has ${inMiB(sizeBytes)}. Deleted ones count until they are deleted for good.`,
    { details: { usedBytes, allowedBytes: quotaBytes } },
  )
}

const inMiB = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)

/** Keys for a person's programs: shown once, kept as a hash, looked up at each call, so that their end holds at the next one. */
import type { Key, NewKey } from '@lyceum/contract/account'
import type { KeyScope } from '@lyceum/contract/route'
import { and, desc, eq, gt, isNull, lt, or } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { type Actor, scopeOf } from '#platform/actor.ts'
import type { Clock } from '#platform/clock.ts'
import { type Database, one } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import { hashOf, newSecret } from './secrets.ts'
import { apiKeys, users } from './tables.ts'

interface KeyNeeds {
  db: Database
  clock: Clock
}
type KeyRow = typeof apiKeys.$inferSelect

/** What every key begins with, so that one can be found where it was left lying about. */
const prefix = 'lyc_'
const startLength = prefix.length + 6
const dayMs = 86_400_000
const useNotedEveryMs = 60_000

export const isKey = (token: string): boolean => token.startsWith(prefix)

export const listKeys = async ({ db }: KeyNeeds, actor: Actor): Promise<{ items: Key[] }> => {
  const found = await db.as(scopeOf(actor), (db) =>
    db
      .select()
      .from(apiKeys)
      .where(and(eq(apiKeys.userId, actor.id), isNull(apiKeys.revokedAt)))
      .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id)),
  )
  return { items: found.map(presentKey) }
}

/** @throws AppError `forbidden` for the scope `admin` of who is none */
export const createKey = async (
  { db, clock }: KeyNeeds,
  actor: Actor,
  input: NewKey,
): Promise<Key & { key: string }> => {
  if (input.scopes.includes('admin') && actor.role !== 'admin') {
    throw new AppError('forbidden', 'Only an admin may make a key with the scope admin.')
  }
  const key = prefix + newSecret()
  const createdAt = clock.now()
  const row = await db.as(scopeOf(actor), async (db) =>
    one(
      await db
        .insert(apiKeys)
        .values({
          id: uuidv7(),
          institutionId: actor.institutionId,
          userId: actor.id,
          name: input.name,
          keyHash: hashOf(key),
          start: key.slice(0, startLength),
          scopes: [...new Set(input.scopes)],
          createdAt,
          expiresAt: new Date(createdAt.getTime() + input.expiresInDays * dayMs),
        })
        .returning(),
    ),
  )
  return { ...presentKey(row), key }
}

/** @throws AppError `key_not_found` */
export const revokeKey = async ({ db, clock }: KeyNeeds, actor: Actor, id: string): Promise<void> => {
  const revoked = await db.as(scopeOf(actor), (db) =>
    db
      .update(apiKeys)
      .set({ revokedAt: clock.now() })
      .where(and(eq(apiKeys.id, id), eq(apiKeys.userId, actor.id), isNull(apiKeys.revokedAt)))
      .returning({ id: apiKeys.id }),
  )
  if (revoked.length === 0) throw new AppError('key_not_found', 'There is no such key.')
}

const presentKey = ({ id, name, start, scopes, createdAt, expiresAt, lastUsedAt }: KeyRow): Key => ({
  id,
  name,
  start,
  scopes,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
})

/** For whom a key speaks and what it may do; null for one that is unknown or over, or whose person may not come in. */
export const findKeyHolder = async (db: Database, key: string, now: Date) => {
  const [found] = await db.door((db) =>
    db
      .select({ key: apiKeys, role: users.role, tier: users.tier })
      .from(apiKeys)
      .innerJoin(users, eq(users.id, apiKeys.userId))
      .where(
        and(
          eq(apiKeys.keyHash, hashOf(key)),
          isNull(apiKeys.revokedAt),
          gt(apiKeys.expiresAt, now),
          eq(users.active, true),
          isNull(users.deletedAt),
        ),
      ),
  )
  if (!found) return null
  await noteUse(db, found.key, now)
  const { userId: id, institutionId, scopes, expiresAt } = found.key
  return { id, institutionId, role: found.role, tier: found.tier, scopes: scopes as KeyScope[], expiresAt }
}

const noteUse = async (db: Database, { id, lastUsedAt }: KeyRow, now: Date): Promise<void> => {
  const before = new Date(now.getTime() - useNotedEveryMs)
  if (lastUsedAt && lastUsedAt > before) return
  await db.door((db) =>
    db
      .update(apiKeys)
      .set({ lastUsedAt: now })
      .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, now)))),
  )
}

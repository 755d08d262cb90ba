/** A person's look at where they are signed in, and the way to end it. */
import type { Session } from '@lyceum/contract/account'
import { and, desc, eq, gt, isNull } from 'drizzle-orm'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { announceEnds, endSessions, type SessionNeeds } from './sessions.ts'
import { sessions } from './tables.ts'

/** The open ones, most recently used first. */
export const listSessions = async ({ db, clock }: SessionNeeds, actor: Actor): Promise<{ items: Session[] }> => {
  const found = await db.as(scopeOf(actor), (db) =>
    db
      .select()
      .from(sessions)
      .where(and(eq(sessions.userId, actor.id), isNull(sessions.revokedAt), gt(sessions.expiresAt, clock.now())))
      .orderBy(desc(sessions.lastUsedAt), desc(sessions.id))
      .limit(mostShown),
  )
  return {
    items: found.map(({ id, kind, device, address, createdAt, lastUsedAt, expiresAt }) => ({
      id,
      kind,
      device,
      address,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      current: id === actor.sessionId,
    })),
  }
}
const mostShown = 200

/** @throws AppError `session_not_found`, for one that has ended too */
export const endOwnSession = async (needs: SessionNeeds, actor: Actor, id: string): Promise<void> => {
  const ended = await needs.db.as(scopeOf(actor), async (db, after) => {
    const found = await endSessions(db, actor.id, { onlyId: id, now: needs.clock.now() })
    after(() => announceEnds(needs, found))
    return found
  })
  if (ended.length === 0) throw new AppError('session_not_found', 'There is no such session.')
}

export const endOtherSessions = (needs: SessionNeeds, actor: Actor): Promise<void> =>
  needs.db.as(scopeOf(actor), async (db, after) => {
    const ended = await endSessions(db, actor.id, { exceptId: actor.sessionId, now: needs.clock.now() })
    after(() => announceEnds(needs, ended))
  })

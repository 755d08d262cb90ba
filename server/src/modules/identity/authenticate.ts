/** From a token to the actor, on every request: one look into a map when the session was seen within the minute. */
import { and, eq, isNull, lte } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import type { Actor } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { cookiesOf } from '#platform/http/mount.ts'
import { findKeyHolder, isKey } from './api-keys.ts'
import { accessCookie, checkOrigin } from './cookies.ts'
import { hashOf } from './secrets.ts'
import type { SessionNeeds } from './sessions.ts'
import { sessions, users } from './tables.ts'

type Standing = Omit<Actor, 'requestId' | 'address' | 'language' | 'expiresAt'> & { expiresAt: Date }
interface Remembered {
  standing: Standing
  until: number
}

/** How long a verified token is taken from memory; a revocation drops it at once, this bounds what a lost message costs. */
const rememberMs = 60_000
const rememberAtMost = 10_000
const useNotedEveryMs = 60_000
/** Said by the bus after a gap in which ends of sessions may have gone unheard. */
const everySession = '*'

export const createAuthenticate = (needs: SessionNeeds) => {
  const memory = new Map<string, Remembered>()
  let drops = 0
  needs.bus.subscribe('session.ended', ({ id }) => {
    drops += 1
    if (id === everySession) return memory.clear()
    for (const [key, { standing }] of memory) if (standing.sessionId === id) memory.delete(key)
  })

  const resolve = async (token: string): Promise<Standing | null> => {
    const now = needs.clock.now()
    const key = hashOf(token)
    const known = needs.bus.reachesAll() ? memory.get(key) : undefined
    if (known && known.until > now.getTime() && known.standing.expiresAt > now) return known.standing
    memory.delete(key)
    const dropsBefore = drops
    const standing = await lookUp(needs, token, now)
    // A revocation that came while we looked may be about this session: then nothing is remembered.
    if (standing && drops === dropsBefore) {
      if (memory.size >= rememberAtMost) memory.clear()
      memory.set(key, { standing, until: now.getTime() + rememberMs })
    }
    return standing
  }

  return async (request: FastifyRequest): Promise<Actor | null> => {
    const given = tokenOf(request)
    if (!given) return null
    const standing = await (given.by === 'key' ? standingOfKey(needs, given.token) : resolve(given.token))
    if (!standing) {
      // A stale cookie is like none; a stale bearer token is told apart from none.
      if (given.by === 'cookie') return null
      throw new AppError('token_expired', 'This token is not good, or its session has ended. Sign in again.')
    }
    if (given.by === 'cookie') checkOrigin(request)
    return {
      ...standing,
      requestId: request.id,
      address: request.ip,
      language: request.headers['accept-language']?.slice(0, 35) ?? 'en',
    }
  }
}

const tokenOf = (request: FastifyRequest): { token: string; by: 'bearer' | 'key' | 'cookie' } | null => {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const bearer = authorization.replace(/^bearer +/i, '')
    return { token: bearer, by: isKey(bearer) ? 'key' : 'bearer' }
  }
  const token = cookiesOf(request)[accessCookie]
  return token ? { token, by: 'cookie' } : null
}

const lookUp = async (needs: SessionNeeds, token: string, now: Date): Promise<Standing | null> => {
  const verified = await needs.keys.verify(token, now)
  if (!verified) return null
  const { sid } = verified.claims
  const [found] = await needs.db.door((db) =>
    db
      .select({
        id: users.id,
        institutionId: users.institutionId,
        role: users.role,
        tier: users.tier,
        endsAt: sessions.expiresAt,
        lastUsedAt: sessions.lastUsedAt,
      })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(eq(sessions.id, sid), isNull(sessions.revokedAt), eq(users.active, true), isNull(users.deletedAt))),
  )
  if (!found || found.endsAt <= now || found.id !== verified.claims.sub) return null
  const { id, institutionId, role, tier } = found
  await noteUse(needs, { id: sid, institutionId, personId: id, lastUsedAt: found.lastUsedAt }, now)
  return {
    kind: 'person',
    id,
    institutionId,
    role,
    tier,
    facultyIds: [],
    semesterIds: [],
    scopes: null,
    sessionId: sid,
    expiresAt: verified.expiresAt,
  }
}

const noteUse = async (
  { db }: SessionNeeds,
  session: { id: string; institutionId: string; personId: string; lastUsedAt: Date },
  now: Date,
): Promise<void> => {
  const before = new Date(now.getTime() - useNotedEveryMs)
  if (session.lastUsedAt > before) return
  await db.as(session, (db) =>
    db
      .update(sessions)
      .set({ lastUsedAt: now })
      .where(and(eq(sessions.id, session.id), lte(sessions.lastUsedAt, before))),
  )
}

/** Never from memory: the end of a key is not told to other processes, they see it when they look. */
const standingOfKey = async ({ db, clock }: SessionNeeds, key: string): Promise<Standing | null> => {
  const holder = await findKeyHolder(db, key, clock.now())
  return holder && { ...holder, kind: 'key', facultyIds: [], semesterIds: [], sessionId: null }
}

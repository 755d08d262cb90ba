/** Sessions: opened at sign-in, prolonged by refresh tokens that are good once, ended by logout. */
import type { SignedIn, User } from '@lyceum/contract/identity'
import { and, eq, isNull, ne } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { type Actor, scopeOf } from '#platform/actor.ts'
import type { Audit } from '#platform/audit/index.ts'
import type { Bus } from '#platform/bus/index.ts'
import type { Clock } from '#platform/clock.ts'
import type { AfterCommit, Database, Db } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import type { TokenKeys } from './keys.ts'
import { hashOf, newSecret } from './secrets.ts'
import { refreshTokens, sessions, type UserRow, users } from './tables.ts'

export interface SessionNeeds {
  db: Database
  keys: TokenKeys
  clock: Clock
  bus: Bus
  audit: Audit
  ttl: { accessTtlSeconds: number; refreshTtlSeconds: number }
}
export interface Device {
  kind: 'token' | 'cookie'
  /** The browser's or program's name for itself. */
  device: string
  address: string
  requestId: string
}
export type Tokens = SignedIn & { accessToken: string; refreshToken: string }

/** Opens a session inside the caller's transaction; gives its refresh token. */
export const openSession = async (db: Db, { clock, ttl, audit }: SessionNeeds, user: UserRow, device: Device) => {
  const now = clock.now()
  const owner = { institutionId: user.institutionId, userId: user.id }
  const id = uuidv7()
  const refreshToken = newSecret()
  await db.insert(sessions).values({
    ...owner,
    id,
    kind: device.kind,
    device: device.device.slice(0, 300),
    address: device.address,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: new Date(now.getTime() + ttl.refreshTtlSeconds * 1000),
  })
  await db.insert(refreshTokens).values({ ...owner, tokenHash: hashOf(refreshToken), sessionId: id, createdAt: now })
  const opened = {
    action: 'session.opened',
    metadata: { sessionId: id },
    personal: { device: device.device.slice(0, 300) },
  }
  await audit.record(db, doerOf(user, device), opened)
  return { id, refreshToken }
}

/** The person whom a sign-in makes known, for the audit trail. */
export const doerOf = ({ id, institutionId }: UserRow, { address, requestId }: Device) => ({
  id,
  institutionId,
  address,
  requestId,
})

/** Signs an access token for a session and puts the answer together. */
export const signIn = async (
  needs: SessionNeeds,
  user: UserRow,
  session: { id: string; refreshToken: string },
): Promise<Tokens> => {
  return {
    user: presentUser(user),
    accessToken: await signAccess(needs, { ...user, facultyIds: [], semesterIds: [] }, session.id),
    refreshToken: session.refreshToken,
    expiresInSeconds: needs.ttl.accessTtlSeconds,
  }
}

type Holder = Pick<Actor, 'id' | 'role' | 'tier' | 'institutionId' | 'facultyIds' | 'semesterIds'>

/** An access token for a session, from now on. */
export const signAccess = ({ keys, clock, ttl }: SessionNeeds, holder: Holder, sessionId: string): Promise<string> => {
  const { id, role, tier, institutionId, facultyIds, semesterIds } = holder
  return keys.sign(
    {
      sub: id,
      sid: sessionId,
      role,
      tier,
      institutionId,
      facultyIds: [...facultyIds],
      semesterIds: [...semesterIds],
    },
    new Date(clock.now().getTime() + ttl.accessTtlSeconds * 1000),
  )
}

export const presentUser = ({ id, email, name, role, tier, createdAt }: UserRow): User => ({
  id,
  email,
  name,
  role,
  tier,
  createdAt: createdAt.toISOString(),
})

/**
 * Exchanges a refresh token for a new pair. A spent token that comes back after its successor was sent ends the
 * whole session, as one of the two holders is a thief; one that was already on its way then is only refused.
 * @param receivedAt when the call arrived, in ms with fractions
 */
export const refreshSession = async (
  needs: SessionNeeds,
  refreshToken: string,
  receivedAt: number,
): Promise<Tokens> => {
  const tokenHash = hashOf(refreshToken)
  const found = await findRefreshToken(needs.db, tokenHash)
  const now = needs.clock.now()
  if (
    !found ||
    found.session.revokedAt ||
    found.session.expiresAt <= now ||
    !found.user.active ||
    found.user.deletedAt
  ) {
    throw new AppError('token_expired', 'This session has ended. Sign in again.')
  }
  const { user, session } = found
  const successor = newSecret()
  const scope = { institutionId: user.institutionId, personId: user.id }
  const rotated = await needs.db.as(scope, async (db) => {
    const spent = await db
      .update(refreshTokens)
      .set({ replacedAt: now })
      .where(and(eq(refreshTokens.tokenHash, tokenHash), isNull(refreshTokens.replacedAt)))
      .returning({ sessionId: refreshTokens.sessionId })
    if (spent.length === 0) return false
    const owner = { institutionId: user.institutionId, userId: user.id }
    await db
      .insert(refreshTokens)
      .values({ ...owner, tokenHash: hashOf(successor), sessionId: session.id, createdAt: now })
    const expiresAt = new Date(now.getTime() + needs.ttl.refreshTtlSeconds * 1000)
    await db
      .update(sessions)
      .set({ lastUsedAt: now, expiresAt })
      .where(and(eq(sessions.id, session.id), isNull(sessions.revokedAt)))
    return true
  })
  if (!rotated) return refuseSpent(needs, tokenHash, receivedAt)
  const tokens = await signIn(needs, user, { id: session.id, refreshToken: successor })
  await needs.db.as(scope, (db) =>
    db.update(refreshTokens).set({ answeredAt: preciseNow() }).where(eq(refreshTokens.tokenHash, tokenHash)),
  )
  return tokens
}

/** Milliseconds since 1970 with fractions: two calls in one millisecond still have an order. */
export const preciseNow = (): number => performance.timeOrigin + performance.now()

const refuseSpent = async (needs: SessionNeeds, tokenHash: string, receivedAt: number): Promise<never> => {
  const found = await findRefreshToken(needs.db, tokenHash)
  if (!found || found.token.answeredAt === null || receivedAt < found.token.answeredAt) {
    throw new AppError('refresh_superseded', 'Another call has just refreshed this session. Use its answer.')
  }
  await endSession(needs, { institutionId: found.user.institutionId, id: found.user.id }, found.session.id)
  throw new AppError('refresh_reused', 'This refresh token was used before, so the session was ended. Sign in again.')
}

const findRefreshToken = async (db: Database, tokenHash: string) => {
  const [found] = await db.door((db) =>
    db
      .select({ token: refreshTokens, session: sessions, user: users })
      .from(refreshTokens)
      .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
      .innerJoin(users, eq(users.id, refreshTokens.userId))
      .where(eq(refreshTokens.tokenHash, tokenHash)),
  )
  return found
}

/** Ends a session: from the answer on, every process refuses its tokens. */
export const endSession = (
  needs: SessionNeeds,
  owner: Pick<Actor, 'institutionId' | 'id'>,
  sessionId: string,
): Promise<void> =>
  needs.db.as(scopeOf(owner), async (db, after: AfterCommit) => {
    await endSessions(db, owner.id, { onlyId: sessionId, now: needs.clock.now() })
    after(() => announceEnds(needs, [sessionId]))
  })

/**
 * Ends open sessions of a person inside the caller's transaction: all, all but one, or one. What it gives is to be
 * announced after the commit.
 */
export const endSessions = async (
  db: Db,
  userId: string,
  { exceptId, onlyId, now }: { exceptId?: string | null; onlyId?: string; now: Date },
): Promise<string[]> => {
  const ended = await db
    .update(sessions)
    .set({ revokedAt: now })
    .where(
      and(
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        exceptId ? ne(sessions.id, exceptId) : undefined,
        onlyId ? eq(sessions.id, onlyId) : undefined,
      ),
    )
    .returning({ id: sessions.id })
  return ended.map(({ id }) => id)
}

/** From then on every process refuses the tokens of these sessions. */
export const announceEnds = ({ bus }: Pick<SessionNeeds, 'bus'>, ids: string[]): void => {
  for (const id of ids) bus.publish('session.ended', { id, version: 0 })
}

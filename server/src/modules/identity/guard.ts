/**
 * Failed tries, counted for what is tried and for where they come from. Each failure past a number of free ones blocks
 * the subject for twice as long as the one before.
 *
 * Whether a try was right is told only after its failure was counted, by one statement that counts nothing while the
 * subject is blocked: of any number of tries at the same instant no more than the free ones get an answer.
 */
import { and, eq, gt, inArray, lt, max, sql } from 'drizzle-orm'
import type { Clock } from '#platform/clock.ts'
import { type Database, type Db, rows } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import { networkOf } from '#platform/http/network.ts'
import type { Logger } from '#platform/telemetry/log.ts'
import { hashOf } from './secrets.ts'
import { signInFailures } from './tables.ts'

export interface GuardNeeds {
  db: Database
  clock: Clock
  log: Logger
  /** Whether failures are counted for the network too, from which several accounts are tried. */
  countNetworks: boolean
}

export interface Guard {
  /** @throws AppError `rate_limited` while the subject or its network is blocked */
  check(): Promise<void>
  /** Counts a failure and throws `refusal`, or `rate_limited` when blocked meanwhile: then it tells nothing. */
  fail(refusal: AppError): Promise<never>
  /** Forgets the failures of the subject, not those of the network. @throws AppError `rate_limited` when blocked meanwhile */
  pass(): Promise<void>
}

interface Policy {
  /** From this failure on each one blocks: for 2 s, 4 s, 8 s ... */
  free: number
  longestSeconds: number
  /** After so long without a failure the count begins again. */
  forgottenAfterSeconds: number
}
const daySeconds = 86_400
const subjectPolicy: Policy = { free: 5, longestSeconds: 15 * 60, forgottenAfterSeconds: daySeconds }
/** A whole school may stand behind one address: many fail there each morning, and none may be kept out for long. */
const networkPolicy: Policy = { free: 100, longestSeconds: 60, forgottenAfterSeconds: 15 * 60 }

/**
 * @param subject what is tried, such as `account` and an address; it need not exist
 * @param address where the call comes from; null for the system
 */
export const guardOf = (needs: GuardNeeds, subject: string, address: string | null): Guard => {
  const counted: [hash: string, policy: Policy][] = [[hashOf(subject), subjectPolicy]]
  if (address !== null && needs.countNetworks) counted.push([hashOf(`network ${networkOf(address)}`), networkPolicy])
  const hashes = counted.map(([hash]) => hash)
  return {
    check: () => needs.db.door((db) => refuseBlocked(db, hashes, needs.clock.now())),
    fail: async (refusal) => {
      const now = needs.clock.now()
      await needs.db.door(async (db) => {
        for (const [hash, policy] of counted) {
          const [failure] = await countFailure(db, hash, policy, now)
          if (!failure) return refuseBlocked(db, hashes, now)
          if (failure.count >= policy.free) {
            const { count } = failure
            needs.log.warn(
              { event: 'tries.blocked', subject: hash.slice(0, 12), address, count },
              'too many failed tries',
            )
          }
        }
      })
      throw refusal
    },
    pass: () =>
      needs.db.door(async (db) => {
        await refuseBlocked(db, hashes, needs.clock.now())
        await db.delete(signInFailures).where(eq(signInFailures.subjectHash, hashOf(subject)))
      }),
  }
}

const refuseBlocked = async (db: Db, hashes: string[], now: Date): Promise<void> => {
  const [found] = await db
    .select({ until: max(signInFailures.blockedUntil) })
    .from(signInFailures)
    .where(and(inArray(signInFailures.subjectHash, hashes), gt(signInFailures.blockedUntil, now)))
  if (!found?.until) return
  throw new AppError('rate_limited', 'There were too many failed tries. Wait a while, then try again.', {
    retryAfterSeconds: Math.max(1, Math.ceil((found.until.getTime() - now.getTime()) / 1000)),
  })
}

/** Gives no row while the subject is blocked. */
const countFailure = (db: Db, hash: string, { free, longestSeconds, forgottenAfterSeconds }: Policy, now: Date) => {
  const at = sql`${now.toISOString()}::timestamptz`
  const count = sql`case when f.last_at < ${at} - make_interval(secs => ${forgottenAfterSeconds}) then 1 else f.count + 1 end`
  const seconds = sql`case when ${count} < ${free} then 0
    else least(${longestSeconds}, power(2, least(${count} - ${free} + 1, 20))) end`
  return rows<{ count: number }>(
    db,
    sql`insert into sign_in_failures as f (subject_hash, count, last_at, blocked_until) values (${hash}, 1, ${at}, ${at})
      on conflict (subject_hash) do update
        set count = ${count}, last_at = excluded.last_at, blocked_until = ${at} + make_interval(secs => ${seconds})
        where f.blocked_until <= ${at}
      returning f.count as count`,
  )
}

/** Takes away what no longer counts. */
export const purgeFailures = (db: Database, now: Date): Promise<void> =>
  db.door(async (db) => {
    const longAgo = new Date(now.getTime() - daySeconds * 1000)
    await db.delete(signInFailures).where(and(lt(signInFailures.lastAt, longAgo), lt(signInFailures.blockedUntil, now)))
  })

/**
 * A call that carries an `Idempotency-Key` is done once: a row is written before it begins and completed with its answer,
 * and who sends the key again gets that answer. Refusals and faults are not kept: the row goes, and the next one tries.
 */
import { and, eq, isNull, lte, sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import type { Clock } from '../clock.ts'
import type { Database, Db } from '../db/index.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../telemetry/log.ts'
import { idempotencyKeys } from './tables.ts'

/** A person's call under a key. */
export interface Attempt {
  institutionId: string
  personId: string
  /** SHA-256 of the key, in hex. */
  keyHash: string
  routeId: string
  /** SHA-256 of what is asked for. */
  contentHash: Buffer
}

/** The answer of a call that was done; JSON text or what else it is known by. */
export interface Kept {
  status: number
  body: string
}

export interface Idempotency {
  /**
   * Does it, unless it was done. `act` is given an id that a repeat after a crash is given again: what is made under it
   * can be told from what is still to be made.
   * @throws AppError `idempotency_in_progress`, `idempotency_mismatch`, and what `act` throws
   */
  run(attempt: Attempt, act: (id: string) => Promise<Kept>): Promise<Kept & { isReplayed: boolean }>
  /** Removes answers that are not kept any more. */
  purge(now: Date): Promise<void>
}

interface IdempotencyNeeds {
  db: Database
  clock: Clock
  log: Logger
}

/** Who does it and does not renew for this long is taken for dead. */
const leaseMs = 30_000
const lifeMs = 24 * 60 * 60 * 1000

export const createIdempotency = (needs: IdempotencyNeeds): Idempotency => ({
  run: async (attempt, act) => {
    const claim = await takeClaim(needs, attempt)
    if (claim.kind === 'done') return { ...claim.kept, isReplayed: true }
    const lease = holdLease(needs, attempt, claim.leaseUntil)
    try {
      const kept = await act(claim.id)
      await lease.complete(kept)
      return { ...kept, isReplayed: false }
    } catch (error) {
      await lease.giveUp()
      throw error
    }
  },
  purge: async (now) => {
    await needs.db.door((db) =>
      db.delete(idempotencyKeys).where(lte(idempotencyKeys.createdAt, new Date(now.getTime() - lifeMs))),
    )
  },
})

type Claim = { kind: 'mine'; id: string; leaseUntil: Date } | { kind: 'done'; kept: Kept }

/** A row that goes away while it is looked at was one of a call that failed: then it is free. */
const looks = 3

const takeClaim = async ({ db, clock }: IdempotencyNeeds, attempt: Attempt): Promise<Claim> => {
  for (let look = 0; look < looks; look += 1) {
    const claim = await db.as(attempt, (db) => claimIn(db, attempt, clock.now()))
    if (claim) return claim
  }
  throw inProgress()
}

const claimIn = async (db: Db, attempt: Attempt, now: Date): Promise<Claim | null> => {
  const { institutionId, personId, keyHash, routeId, contentHash } = attempt
  const isIt = isAttempt(attempt)
  await db.delete(idempotencyKeys).where(and(isIt, lte(idempotencyKeys.createdAt, new Date(now.getTime() - lifeMs))))
  const leaseUntil = new Date(now.getTime() + leaseMs)
  const [mine] = await db
    .insert(idempotencyKeys)
    .values({ institutionId, personId, keyHash, routeId, contentHash, body: uuidv7(), leaseUntil, createdAt: now })
    .onConflictDoUpdate({
      target: [idempotencyKeys.personId, idempotencyKeys.keyHash],
      set: { leaseUntil },
      // Who began it is dead. The id that it had stays.
      setWhere: sql`${and(
        isNull(idempotencyKeys.status),
        lte(idempotencyKeys.leaseUntil, now),
        eq(idempotencyKeys.routeId, routeId),
        eq(idempotencyKeys.contentHash, contentHash),
      )}`,
    })
    .returning({ id: idempotencyKeys.body })
  if (mine) return { kind: 'mine', id: mine.id ?? '', leaseUntil }
  const [found] = await db.select().from(idempotencyKeys).where(isIt)
  if (!found) return null
  if (found.routeId !== routeId || !contentHash.equals(found.contentHash)) {
    throw new AppError(
      'idempotency_mismatch',
      'This Idempotency-Key was used for another call. Use a new one for each thing that you want done.',
    )
  }
  if (found.status === null) throw inProgress()
  return { kind: 'done', kept: { status: found.status, body: found.body ?? '' } }
}

const inProgress = (): AppError =>
  new AppError('idempotency_in_progress', 'The first call with this Idempotency-Key is still under way.', {
    retryAfterSeconds: 1,
  })

const isAttempt = ({ personId, keyHash }: Attempt) =>
  and(eq(idempotencyKeys.personId, personId), eq(idempotencyKeys.keyHash, keyHash))

/** Renews the lease until the call is done or given up. What another has taken over is left to it. */
const holdLease = ({ db, clock, log }: IdempotencyNeeds, attempt: Attempt, firstUntil: Date) => {
  let until = firstUntil
  let renewing: Promise<void> = Promise.resolve()
  const isMine = () => and(isAttempt(attempt), isNull(idempotencyKeys.status), eq(idempotencyKeys.leaseUntil, until))
  // The call's own outcome counts, whatever becomes of the row.
  const change = (act: (db: Db) => Promise<unknown>): Promise<void> =>
    db.as(attempt, act).then(
      () => undefined,
      (error) => log.error({ err: error, routeId: attempt.routeId }, 'a repeatable call could not be written down'),
    )
  const renew = async (): Promise<void> => {
    const next = new Date(clock.now().getTime() + leaseMs)
    await change(async (db) => {
      const renewed = await db.update(idempotencyKeys).set({ leaseUntil: next }).where(isMine()).returning()
      if (renewed.length > 0) until = next
    })
  }
  const stopRenewing = clock.every(leaseMs / 3, () => {
    renewing = renewing.then(renew)
  })
  const end = async (act: (db: Db) => Promise<unknown>): Promise<void> => {
    stopRenewing()
    await renewing
    await change(act)
  }
  return {
    complete: (kept: Kept) => end((db) => db.update(idempotencyKeys).set(kept).where(isMine())),
    giveUp: () => end((db) => db.delete(idempotencyKeys).where(isMine())),
  }
}

/**
 * Long work. A row in `jobs` is the truth: it is written in the transaction that makes the work necessary, claimed by a
 * lease, and final or found again. The queue only wakes a worker sooner; a sweep finds what no wake-up reached.
 */
import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { type Actor, scopeOf } from '../actor.ts'
import { complainSparsely } from '../bus/sparse-log.ts'
import type { AfterCommit, Database, Db } from '../db/index.ts'
import type { Cron } from './cron.ts'
import type { JobKind } from './kind.ts'
import type { Wake } from './queue.ts'
import { perform, type RunNeeds, wakeSoon } from './run.ts'
import { voidLeases, wakeOpenJobs } from './sweep.ts'
import { type JobRow, jobs } from './tables.ts'

export { JobFailure, type JobKind, type Work } from './kind.ts'
export type { Queue, Wake } from './queue.ts'
export { type JobRow, jobs } from './tables.ts'

export interface Jobs {
  define<P>(kind: JobKind<P>): void
  /** Writes the job inside the caller's transaction and wakes a worker after its commit. */
  add<P>(
    db: Db,
    after: AfterCommit,
    kind: Pick<JobKind<P>, 'kind' | 'payload'>,
    input: { actor: Actor; payload: P; now: Date },
  ): Promise<string>
  /** Starts workers, the sweep and the recurring tasks. */
  start(): Promise<void>
  /** Hands back what is under way. What does not let go in time is left: its lease ends by itself. */
  stop(): Promise<void>
}

export interface JobsNeeds extends Omit<RunNeeds, 'complain'> {
  /** Whether no other process can hold a lease, so that those of a former run are void at the start. */
  alone: boolean
  /** Asked for what is due with each sweep. */
  cron: Pick<Cron, 'tick'>
}

/** Alone, only what went wrong here needs finding. */
const sweepAloneMs = 60_000
/** Others may die with what they had; nobody waits much longer for it than the lease. */
const sweepMs = 10_000
const stopPatienceMs = 10_000

export const createJobs = (given: JobsNeeds): Jobs => {
  const { queue, clock, log, alone, cron } = given
  const needs = { ...given, complain: complainSparsely(log, clock) }
  const kinds = new Map<string, JobKind<never>>()
  const stopping = new AbortController()
  const worker = { kinds, holder: randomUUID(), stopping: stopping.signal }
  const running = new Set<Promise<void>>()
  let stopSweeping = () => {}

  const track = (work: Promise<void>): Promise<void> => {
    const tracked = work.finally(() => running.delete(tracked))
    running.add(tracked)
    return tracked
  }
  const work = async (wake: Wake): Promise<void> => {
    if (stopping.signal.aborted) return
    try {
      await track(perform(needs, worker, wake))
    } catch (error) {
      needs.complain(error, 'a wake-up came to nothing; the sweep will find the job')
      throw error
    }
  }
  const sweep = oneAtATime(() =>
    wakeOpenJobs(needs).catch((error) => needs.complain(error, 'a sweep for open jobs failed')),
  )
  const tick = oneAtATime(() =>
    cron.tick().catch((error) => needs.complain(error, 'a look for recurring tasks failed')),
  )
  const look = async (): Promise<void> => {
    void track(tick())
    await track(sweep())
  }

  return {
    define: (kind) => void kinds.set(kind.kind, kind as unknown as JobKind<never>),
    add: async (db, after, kind, { actor, payload, now }) => {
      const id = uuidv7()
      const { institutionId, id: personId } = actor
      await db.insert(jobs).values({
        id,
        institutionId,
        personId,
        kind: kind.kind,
        payload: payload as Record<string, unknown>,
        requestId: actor.requestId,
        dueAt: now,
        createdAt: now,
      })
      after(() => void wakeSoon(needs, kind.kind, { id, institutionId, personId, freeSinceMs: now.getTime() }))
      return id
    },
    start: async () => {
      // Before the first job is claimed here: a lease of ours is not void.
      if (alone) await voidLeases(needs)
      for (const { kind, concurrency } of kinds.values()) {
        if (stopping.signal.aborted) return
        await queue.listen(kind, concurrency, work)
      }
      if (stopping.signal.aborted) return
      stopSweeping = clock.every(alone ? sweepAloneMs : sweepMs, () => void look())
      await look()
    },
    stop: async () => {
      stopSweeping()
      stopping.abort(new Error('shutting down'))
      queue.pause()
      const patience = Promise.withResolvers<void>()
      const stopWaiting = clock.after(stopPatienceMs, () => {
        log.warn({ left: running.size }, 'some work did not stop in time; it is taken up again later')
        patience.resolve()
      })
      await Promise.race([Promise.allSettled(running), patience.promise]).finally(stopWaiting)
    },
  }
}

/** Joins the call that is under way instead of beginning another. */
const oneAtATime = (act: () => Promise<void>): (() => Promise<void>) => {
  let current: Promise<void> | null = null
  return () => {
    current ??= act().finally(() => {
      current = null
    })
    return current
  }
}

/** A job as its owner reads it. */
export const findJob = async (db: Database, actor: Actor, id: string): Promise<JobRow | undefined> => {
  const [row] = await db.as(scopeOf(actor), (db) =>
    db
      .select()
      .from(jobs)
      .where(and(eq(jobs.id, id), eq(jobs.institutionId, actor.institutionId), eq(jobs.personId, actor.id))),
  )
  return row
}

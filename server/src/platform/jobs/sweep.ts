/** Finds the jobs that no wake-up reached. */
import { and, eq, sql } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/index.ts'
import { isFree } from './lease.ts'
import type { Queue } from './queue.ts'
import { jobs } from './tables.ts'

interface SweepNeeds {
  db: Database
  queue: Queue
  clock: Clock
}

/** More are found by the next sweep. */
const atATime = 1000

/** Wakes what is due and held by nobody. */
export const wakeOpenJobs = async ({ db, queue, clock }: SweepNeeds): Promise<void> => {
  const { id, kind, institutionId, personId, dueAt, leaseUntil } = jobs
  const open = await db.door((db) =>
    db
      .select({ id, kind, institutionId, personId, dueAt, leaseUntil })
      .from(jobs)
      .where(isFree(clock.now()))
      .orderBy(dueAt)
      .limit(atATime),
  )
  await Promise.all(
    open.map(({ kind, dueAt, leaseUntil, ...ids }) =>
      queue.wake(kind, { ...ids, freeSinceMs: (leaseUntil ?? dueAt).getTime() }),
    ),
  )
}

/** After a start alone: what a dead process held is free at once. */
export const voidLeases = async ({ db, clock }: SweepNeeds): Promise<void> => {
  const { id, institutionId, personId } = jobs
  const isHeld = eq(jobs.state, 'running')
  const held = await db.door((db) => db.select({ id, institutionId, personId }).from(jobs).where(isHeld))
  for (const { id, ...scope } of held) {
    await db.as(scope, (db) =>
      db
        .update(jobs)
        .set({
          state: 'queued',
          dueAt: clock.now(),
          leaseHolder: null,
          leaseUntil: null,
          attempts: sql`${jobs.attempts} - 1`,
          interruptions: sql`${jobs.interruptions} + 1`,
        })
        .where(and(eq(jobs.id, id), isHeld)),
    )
  }
}

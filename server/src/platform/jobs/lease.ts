/** Who may work on a job: claimed by one of many, kept while it works, lost when it falls silent. */
import { randomUUID } from 'node:crypto'
import { and, eq, lte, or, sql } from 'drizzle-orm'
import type { Bus } from '../bus/index.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/index.ts'
import type { Wake } from './queue.ts'
import { type JobRow, jobs } from './tables.ts'

export interface LeaseNeeds {
  db: Database
  bus: Bus
  clock: Clock
}

const leaseMs = 30_000
const renewMs = 10_000

export const isFree = (now: Date) =>
  or(and(eq(jobs.state, 'queued'), lte(jobs.dueAt, now)), and(eq(jobs.state, 'running'), lte(jobs.leaseUntil, now)))

export const leaseEnd = (clock: Clock): Date => new Date(clock.now().getTime() + leaseMs)

/** Still running with a lease that ran out: its process died, or was as good as dead. */
const wasInterrupted = eq(jobs.state, 'running')

/** Takes a job that is due and free; one of many wins. */
export const claim = async (
  { db, bus, clock }: LeaseNeeds,
  holder: string,
  wake: Wake,
): Promise<JobRow | undefined> => {
  return db.as(wake, async (db, after) => {
    const [row] = await db
      .update(jobs)
      .set({
        state: 'running',
        leaseHolder: `${holder}:${randomUUID()}`,
        leaseUntil: leaseEnd(clock),
        attempts: sql`case when ${wasInterrupted} then ${jobs.attempts} else ${jobs.attempts} + 1 end`,
        interruptions: sql`case when ${wasInterrupted} then ${jobs.interruptions} + 1 else ${jobs.interruptions} end`,
        version: sql`${jobs.version} + 1`,
      })
      .where(and(eq(jobs.id, wake.id), isFree(clock.now())))
      .returning()
    if (row) after(() => bus.publish('job.changed', { id: row.id, version: row.version }))
    return row
  })
}

/** Writes to a job only while its lease is ours; answers whether it was. */
export const whileHeld = async ({ db, bus }: LeaseNeeds, row: JobRow, change: Partial<JobRow>): Promise<boolean> => {
  const scope = { institutionId: row.institutionId, personId: row.personId }
  return db.as(scope, async (db, after) => {
    const [held] = await db
      .update(jobs)
      .set({ ...change, version: sql`${jobs.version} + 1` })
      .where(and(eq(jobs.id, row.id), eq(jobs.state, 'running'), eq(jobs.leaseHolder, row.leaseHolder ?? '')))
      .returning({ version: jobs.version })
    if (held) after(() => bus.publish('job.changed', { id: row.id, version: held.version }))
    return held !== undefined
  })
}

/**
 * Renews the lease until told to stop, or until `stopping`: what is left then is more than the time that stopping takes.
 * It is lost when another holds it, or when it ran out unrenewed.
 */
export const keepLease = (
  needs: LeaseNeeds,
  row: JobRow,
  stopping: AbortSignal,
): { lost: AbortSignal; stop: () => void } => {
  const { clock } = needs
  const lost = new AbortController()
  let heldAt = clock.now().getTime()
  const renew = async (): Promise<void> => {
    if (stopping.aborted) return
    const now = clock.now().getTime()
    try {
      if (await whileHeld(needs, row, { leaseUntil: leaseEnd(clock) })) heldAt = now
      else lost.abort(new Error('lease lost'))
    } catch {
      // The database is away; another may reach it, and has the right to the job once the lease has run out.
      if (now - heldAt >= leaseMs) lost.abort(new Error('lease not renewed'))
    }
  }
  return { lost: lost.signal, stop: clock.every(renewMs, () => void renew()) }
}

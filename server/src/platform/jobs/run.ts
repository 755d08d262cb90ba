/** One attempt at a job, from the wake-up to its end: done, failed, tried again later, or handed back. */
import { systemActor } from '../actor.ts'
import type { Complain } from '../bus/sparse-log.ts'
import type { Logger } from '../telemetry/log.ts'
import { type Failure, JobFailure, type JobKind, type Work } from './kind.ts'
import { claim, keepLease, type LeaseNeeds, leaseEnd, whileHeld } from './lease.ts'
import type { Queue, Wake } from './queue.ts'
import type { JobRow } from './tables.ts'

export interface RunNeeds extends LeaseNeeds {
  queue: Queue
  log: Logger
  complain: Complain
}

/** What a process works with. */
export interface Worker {
  kinds: Map<string, JobKind<never>>
  /** Names the process in its leases. */
  holder: string
  /** Aborts when the process ends. */
  stopping: AbortSignal
}

/** First pause after a failed attempt; doubled each time. */
const backoffMs = 2_000
/**
 * How often a process may die during a job before the job is taken for the cause. High, since most die of something
 * else: a machine that is switched off and on a few times must not fail the files that were being read.
 */
const interruptionsAllowed = 20
/** How often a failure is told again when telling it failed. */
const deadTries = 3

/** Answers a wake-up: claims the job and makes an attempt, unless another was first. */
export const perform = async (needs: RunNeeds, { kinds, holder, stopping }: Worker, wake: Wake): Promise<void> => {
  const row = await claim(needs, holder, wake)
  if (!row) return
  const kind = kinds.get(row.kind)
  if (!kind) return
  const lease = keepLease(needs, row, stopping)
  try {
    await attempt(needs, kind, row, AbortSignal.any([stopping, lease.lost]))
  } finally {
    lease.stop()
  }
}

/** The rest is the sweep's, which wakes the job when this does not. */
export const wakeSoon = async ({ queue, complain }: RunNeeds, kind: string, wake: Wake): Promise<void> => {
  try {
    await queue.wake(kind, wake)
  } catch (error) {
    complain(error, 'a job could not be queued; the sweep will find it')
  }
}

const attempt = async (needs: RunNeeds, kind: JobKind<never>, row: JobRow, signal: AbortSignal): Promise<void> => {
  const actor = systemActor({ institutionId: row.institutionId, personId: row.personId }, row.requestId)
  const work: Work<never> = {
    id: row.id,
    payload: row.payload as never,
    actor,
    attempt: row.attempts,
    signal,
    report: async (progress) => {
      await whileHeld(needs, row, { ...progress, leaseUntil: leaseEnd(needs.clock) })
    },
  }
  try {
    work.payload = kind.payload.parse(row.payload)
    // A job that takes its process down with it never gets to fail by itself.
    if (isPoison(row)) throw new Error(`the process ended during the job ${row.interruptions} times`)
    const result = await kind.run(work)
    await whileHeld(needs, row, { state: 'done', percent: 100, step: null, result, ...over(needs) })
  } catch (error) {
    await settleFailure(needs, kind, row, { work, error })
  }
}

const isPoison = ({ interruptions }: JobRow): boolean => interruptions > interruptionsAllowed

const unheld = { leaseHolder: null, leaseUntil: null }
const over = ({ clock }: RunNeeds) => ({ ...unheld, endedAt: clock.now() })

const settleFailure = async (
  needs: RunNeeds,
  kind: JobKind<never>,
  row: JobRow,
  { work, error }: { work: Work<never>; error: unknown },
): Promise<void> => {
  if (work.signal.aborted) return handBack(needs, row)
  const isFinal = error instanceof JobFailure
  if (!isFinal && !isPoison(row) && row.attempts < kind.attempts) return retryLater(needs, row, error)
  if (!isFinal) needs.log.error({ err: error, jobId: row.id, kind: row.kind }, 'job failed for good')
  const failure = isFinal
    ? { code: error.code, message: error.message }
    : { code: 'internal_error', message: 'Something went wrong on our side. It has been logged.' }
  // Who has lost the lease has no say: the job may be running elsewhere, and end well.
  if (!(await whileHeld(needs, row, { leaseUntil: leaseEnd(needs.clock) }))) return
  await tellDead(needs, kind, { row, work, failure })
  await whileHeld(needs, row, { state: 'failed', failure, ...over(needs) })
}

/** A fault in it leaves the job running, so that it is told again when the lease has run out; but not for ever. */
const tellDead = async (
  { log }: RunNeeds,
  kind: JobKind<never>,
  { row, work, failure }: { row: JobRow; work: Work<never>; failure: Failure },
): Promise<void> => {
  try {
    await kind.onDead?.(work, failure)
  } catch (error) {
    if (row.interruptions < interruptionsAllowed + deadTries) throw error
    log.error({ err: error, jobId: row.id, kind: row.kind }, 'the failure of a job could not be told')
  }
}

/** Not failed: the next process goes on, and the attempt does not count. */
const handBack = async (needs: RunNeeds, row: JobRow): Promise<void> => {
  const dueAt = needs.clock.now()
  if (await whileHeld(needs, row, { state: 'queued', dueAt, ...unheld, attempts: row.attempts - 1 })) {
    await wakeSoon(needs, row.kind, wakeOf(row, dueAt))
  }
}

const retryLater = async (needs: RunNeeds, row: JobRow, error: unknown): Promise<void> => {
  const { id: jobId, kind, attempts } = row
  needs.log.warn({ err: error, jobId, kind, attempt: attempts }, 'job failed, will be tried again')
  const pauseMs = backoffMs * 2 ** (attempts - 1)
  const dueAt = new Date(needs.clock.now().getTime() + pauseMs)
  await whileHeld(needs, row, { state: 'queued', dueAt, ...unheld })
  needs.clock.after(pauseMs, () => void wakeSoon(needs, kind, wakeOf(row, dueAt)))
}

const wakeOf = ({ id, institutionId, personId }: JobRow, freeSince: Date): Wake => ({
  id,
  institutionId,
  personId,
  freeSinceMs: freeSince.getTime(),
})

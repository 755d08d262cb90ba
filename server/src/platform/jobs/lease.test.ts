/** Who may work on a job, and who no longer. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import type { Driver } from '../db/driver.ts'
import { JobFailure, type JobRow, type Work } from './index.ts'
import {
  type Bench,
  describeOnEach,
  gated,
  isDone,
  isFailed,
  type Kind,
  kindOf,
  type Payload,
} from './testing/processes.ts'

/** Two processes, of which the first lost its lease to the second while it worked. */
const takenOver = async ({ clock, start, change, rowOf }: Bench, over: Partial<Kind> = {}) => {
  const { run, entered, gate } = gated()
  const kind = kindOf({ ...over, run })
  const first = await start(kind)
  const id = await first.add()
  const work = await entered
  await change(id, { leaseUntil: new Date(clock.now().getTime() - 1) })
  const successor = gated()
  const second = await start({ ...kind, run: successor.run })
  await successor.entered
  /** The first ends as the test says while the second still works; then the second ends well. */
  const end = async (endFirst: () => void): Promise<JobRow> => {
    endFirst()
    await first.stop()
    assert.deepEqual([(await rowOf(id)).state, (await rowOf(id)).interruptions], ['running', 1])
    successor.gate.resolve({ by: 'the second' })
    return second.until(id, isDone)
  }
  return { first, end, gate, work }
}
/** A run that ends only when it is told to. */
const untilAborted = (entered: (work: Work<Payload>) => void) => async (work: Work<Payload>) => {
  entered(work)
  await once(work.signal, 'abort')
  throw work.signal.reason
}

describeOnEach('the lease of a job', (open) => {
  test('whoever lost the lease cannot write its result', async (t) => {
    const bench = open(t)
    const { end, gate } = await takenOver(bench)
    const row = await end(() => gate.resolve({ by: 'the first' }))
    assert.deepEqual(row.result, { by: 'the second' })
  })

  test('whoever lost the lease cannot fail the job, nor tell that it failed', async (t) => {
    const bench = open(t)
    const told: unknown[] = []
    const { first, end, gate } = await takenOver(bench, { onDead: async ({ id }) => void told.push(id) })
    gate.reject(new JobFailure('file_damaged', 'The file is damaged.'))
    // It does one at a time: its next job shows that it is through with this one.
    const next = await first.add()
    await first.until(next, isFailed)
    await end(() => undefined)
    assert.deepEqual(told, [next])
  })

  test('whoever lost the lease is told to stop', async (t) => {
    const bench = open(t)
    const { clock } = bench
    const { end, gate, work } = await takenOver(bench)
    const aborted = once(work.signal, 'abort')
    clock.advance(10_000)
    await aborted
    await end(() => gate.resolve({}))
  })

  test('a lease that cannot be renewed for its whole time counts as lost', async (t) => {
    const { clock, driver, start } = open(t)
    let isAway = false
    const fragile: Driver = {
      ...driver,
      transaction: (prelude, run) =>
        isAway ? Promise.reject(new Error('the database is away')) : driver.transaction(prelude, run),
    }
    const { run, entered, gate } = gated()
    const process = await start(kindOf({ run }), { driver: fragile })
    await process.add()
    const { signal } = await entered
    const aborted = once(signal, 'abort')
    isAway = true
    clock.advance(30_000)
    await aborted
    isAway = false
    gate.resolve({})
  })

  test('a lease that is renewed keeps the job for longer than the lease', async (t) => {
    const { clock, start } = open(t)
    const { run, entered, gate } = gated()
    const process = await start(kindOf({ run }))
    const id = await process.add()
    await entered
    for (let renewals = 1; renewals <= 4; renewals++) {
      clock.advance(10_000)
      const until = clock.now().getTime() + 30_000
      await process.until(id, (row) => row.leaseUntil?.getTime() === until)
    }
    gate.resolve({ kept: true })
    assert.deepEqual((await process.until(id, isDone)).result, { kept: true })
  })

  test('stopping hands a running job back, and its attempt does not count', async (t) => {
    const { clock, rowOf, start } = open(t)
    const entered = Promise.withResolvers<Work<Payload>>()
    const kind = kindOf({ attempts: 1, run: untilAborted(entered.resolve) })
    const first = await start(kind)
    const id = await first.add()
    await entered.promise
    assert.equal((await rowOf(id)).attempts, 1)
    clock.advance(1)
    await first.stop()
    const row = await rowOf(id)
    assert.deepEqual([row.state, row.attempts, row.leaseHolder, row.failure], ['queued', 0, null, null])
    const second = await start({ ...kind, run: async ({ attempt }) => ({ attempt }) })
    assert.deepEqual((await second.until(id, isDone)).result, { attempt: 1 })
  })

  test('stopping goes on without what does not let go, whose lease then ends by itself', async (t) => {
    const { clock, rowOf, start } = open(t)
    const { run, entered, gate } = gated()
    const kind = kindOf({ run })
    const first = await start(kind)
    const id = await first.add()
    const { signal } = await entered
    const until = clock.now().getTime() + 30_000
    const stopped = first.stop()
    assert.equal(signal.aborted, true)
    await clock.scheduled(10_000)
    clock.advance(10_000)
    await stopped
    const row = await rowOf(id)
    assert.deepEqual([row.state, row.leaseUntil?.getTime()], ['running', until])
    const second = await start({ ...kind, run: async () => ({ by: 'the second' }) })
    clock.advance(20_000)
    const taken = await second.until(id, isDone)
    gate.resolve({ by: 'the first' })
    assert.deepEqual([taken.result, taken.interruptions], [{ by: 'the second' }, 1])
  })
})

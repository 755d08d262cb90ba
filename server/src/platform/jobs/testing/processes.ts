/** What the tests of jobs share: processes on one database, with a clock moved by hand. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { afterEach, before, describe, type TestContext } from 'node:test'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { systemActor } from '../../actor.ts'
import { openMemoryBus } from '../../bus/memory.ts'
import type { Driver } from '../../db/driver.ts'
import { openDatabase } from '../../db/index.ts'
import { type Cron, createCron } from '../cron.ts'
import { createJobs, findJob, type JobKind, type JobRow, jobs, type Queue, type Work } from '../index.ts'
import { createHandClock, quietLog } from '../testing.ts'
import { type TestShape, testShapes } from './shapes.ts'

export type Payload = { file: string }
export type Kind = JobKind<Payload>

export const owner = { institutionId: '00000000-0000-7000-8000-000000000001', personId: randomUUID() }
export const actor = systemActor(owner, 'request-1')
export const payload = { file: 'kept.pdf' }

export const kindOf = (over: Partial<Kind> = {}): Kind => ({
  kind: `test-${randomUUID()}`,
  payload: z.object({ file: z.string() }),
  concurrency: 1,
  attempts: 3,
  run: async () => ({}),
  ...over,
})
export const isDone = (row: JobRow): boolean => row.state === 'done'
export const isFailed = (row: JobRow): boolean => row.state === 'failed'

/** A run that waits until the test lets it go on. */
export const gated = () => {
  const entered = Promise.withResolvers<Work<Payload>>()
  const gate = Promise.withResolvers<Record<string, unknown>>()
  const run = (work: Work<Payload>) => {
    entered.resolve(work)
    return gate.promise
  }
  return { run, entered: entered.promise, gate }
}

interface Over {
  alone?: boolean
  /** Puts something between the process and its queue. */
  wrap?(queue: Queue): Queue
  driver?: Driver
  prepare?(cron: Cron): void
}

/** What one test has. */
const openBench = (t: TestContext, shape: TestShape, driver: Driver) => {
  const db = openDatabase(driver)
  const clock = createHandClock()
  const rowOf = async (id: string): Promise<JobRow> => {
    const row = await findJob(db, actor, id)
    assert.ok(row, 'the job is there')
    return row
  }
  return {
    clock,
    db,
    driver,
    rowOf,
    change: (id: string, set: Partial<JobRow>) => db.as(owner, (db) => db.update(jobs).set(set).where(eq(jobs.id, id))),
    /** As a process that died left it. */
    insertRunning: async (kind: Kind, over: Partial<JobRow>): Promise<string> => {
      const id = randomUUID()
      const now = clock.now()
      const left = { id, ...owner, kind: kind.kind, payload, requestId: 'r', dueAt: now, createdAt: now, attempts: 1 }
      const lease = { state: 'running', leaseHolder: 'the dead', leaseUntil: new Date(now.getTime() + 20_000) } as const
      await db.as(owner, (db) => db.insert(jobs).values({ ...left, ...lease, ...over }))
      return id
    },
    /** Starts what one process of the server has. */
    start: async (kind: Kind, { alone = false, wrap, driver: own, prepare }: Over = {}) => {
      const queue = await shape.openQueue()
      const bus = openMemoryBus({ alone: true })
      const needs = { db: own ? openDatabase(own) : db, bus, clock, log: quietLog, alone }
      const cron = createCron(needs)
      prepare?.(cron)
      const process = createJobs({ ...needs, queue: wrap?.(queue) ?? queue, cron })
      process.define(kind)
      await process.start()
      t.after(async () => {
        await process.stop()
        await queue.close()
      })
      return {
        jobs: process,
        stop: () => process.stop(),
        add: () => db.as(owner, (db, after) => process.add(db, after, kind, { actor, payload, now: clock.now() })),
        /** Reads the row until it is as wanted, again at each change that this process tells of. */
        until: async (id: string, isSo: (row: JobRow) => boolean): Promise<JobRow> => {
          for (;;) {
            const changed = Promise.withResolvers<void>()
            const unsubscribe = bus.subscribe('job.changed', () => changed.resolve())
            const row = await rowOf(id)
            if (!isSo(row)) await changed.promise
            unsubscribe()
            if (isSo(row)) return row
          }
        },
      }
    },
  }
}
export type Bench = ReturnType<typeof openBench>

/** Runs the same tests on each shape. */
export const describeOnEach = (theme: string, tests: (open: (t: TestContext) => Bench) => void): void => {
  for (const shape of testShapes) {
    describe(`${theme}, on ${shape.name}`, { skip: shape.skip, timeout: 60_000 }, () => {
      let driver: Driver
      before(async () => {
        driver = await shape.database()
      })
      afterEach(() => driver.exec('truncate jobs'))
      tests((t) => openBench(t, shape, driver))
    })
  }
}

/** What no wake-up reached. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Cron } from './cron.ts'
import { JobFailure, type Queue } from './index.ts'
import { describeOnEach, isDone, isFailed, kindOf } from './testing/processes.ts'

describeOnEach('the sweep for jobs', (open) => {
  for (const { alone, seconds } of [
    { alone: true, seconds: 60 },
    { alone: false, seconds: 10 },
  ])
    test(`finds a job whose wake-up was lost after ${seconds} s, ${alone ? 'alone' : 'among others'}`, async (t) => {
      const { clock, rowOf, start } = open(t)
      let isAway = true
      const away = Promise.withResolvers<void>()
      const wrap = (queue: Queue): Queue => ({
        ...queue,
        wake: (kind, wake) => {
          if (!isAway) return queue.wake(kind, wake)
          away.resolve()
          return Promise.reject(new Error('Redis is away'))
        },
      })
      const process = await start(kindOf({ run: async () => ({ found: true }) }), { wrap, alone })
      const id = await process.add()
      await away.promise
      isAway = false
      assert.equal((await rowOf(id)).state, 'queued')
      clock.advance(seconds * 1000)
      assert.deepEqual((await process.until(id, isDone)).result, { found: true })
    })

  test('a dead process is given its time, unless nobody else can be alive', async (t) => {
    const { clock, rowOf, insertRunning, start } = open(t)
    const kind = kindOf()
    const id = await insertRunning(kind, {})
    const one = await start(kind)
    assert.equal((await rowOf(id)).leaseHolder, 'the dead')
    clock.advance(60_000)
    await one.until(id, isDone)

    const second = kindOf()
    const other = await insertRunning(second, {})
    const alone = await start(second, { alone: true })
    const row = await alone.until(other, isDone)
    assert.deepEqual([row.attempts, row.interruptions], [1, 1])
  })

  for (const alone of [true, false])
    test(`processes that die cost a job none of its attempts, ${alone ? 'alone' : 'among others'}`, async (t) => {
      const { clock, insertRunning, start } = open(t)
      const kind = kindOf({ attempts: 1, run: async ({ attempt }) => ({ attempt }) })
      const id = await insertRunning(kind, { interruptions: 12, leaseUntil: clock.now() })
      const process = await start(kind, { alone })
      const row = await process.until(id, isDone)
      assert.deepEqual([row.result, row.interruptions], [{ attempt: 1 }, 13])
    })

  test('a job that ends its process each time fails in the end', async (t) => {
    const { clock, insertRunning, start } = open(t)
    let runs = 0
    const told: string[] = []
    const kind = kindOf({
      run: async () => ({ runs: ++runs }),
      onDead: async (_work, failure) => void told.push(failure.code),
    })
    const id = await insertRunning(kind, { interruptions: 20, leaseUntil: clock.now() })
    const process = await start(kind)
    await process.until(id, isFailed)
    assert.deepEqual([runs, told], [0, ['internal_error']])
  })

  test('a failure that could not be told is told again', async (t) => {
    const { clock, rowOf, start } = open(t)
    const first = Promise.withResolvers<void>()
    let told = 0
    const kind = kindOf({
      attempts: 1,
      run: () => Promise.reject(new JobFailure('file_damaged', 'The file is damaged.')),
      onDead: async () => {
        told += 1
        first.resolve()
        if (told === 1) throw new Error('the database is away')
      },
    })
    const process = await start(kind)
    const id = await process.add()
    await first.promise
    assert.equal((await rowOf(id)).state, 'running')
    clock.advance(60_000)
    await process.until(id, isFailed)
    assert.equal(told, 2)
  })

  test('looks after recurring tasks, at the start and with each sweep', async (t) => {
    const { clock, db, start } = open(t)
    const ran: Date[] = []
    const name = `hourly-${randomUUID()}`
    const prepare = (cron: Cron) => cron.define({ name, pattern: '0 * * * *', run: async (now) => void ran.push(now) })
    const first = await start(kindOf(), { prepare })
    while (ran.length === 0) {
      clock.advance(1_800_000)
      await db.ping()
    }
    await first.stop()
    clock.advance(3_600_000)
    assert.equal(ran.length, 1)
    const second = await start(kindOf(), { prepare })
    await second.stop()
    assert.deepEqual(ran[1], clock.now())
  })
})

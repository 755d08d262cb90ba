/** One attempt after the other, from being added to the end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { findJob, JobFailure, type Queue } from './index.ts'
import { actor, describeOnEach, isDone, isFailed, kindOf, owner, payload } from './testing/processes.ts'

describeOnEach('a job', (open) => {
  test('it runs with its payload, tells how far it is, and keeps its result', async (t) => {
    const { clock, start } = open(t)
    const gate = Promise.withResolvers<void>()
    const seen: unknown[] = []
    const kind = kindOf({
      run: async (work) => {
        seen.push(work.payload, work.attempt, work.actor.id)
        await work.report({ percent: 40, step: 'reading', progress: { done: 2, total: 5, unit: 'page' } })
        await gate.promise
        return { pages: 5 }
      },
    })
    const process = await start(kind)
    const id = await process.add()
    const half = await process.until(id, (row) => row.percent === 40)
    assert.deepEqual([half.state, half.step, half.progress?.done], ['running', 'reading', 2])
    gate.resolve()
    const row = await process.until(id, isDone)
    assert.deepEqual(seen, [payload, 1, owner.personId])
    assert.deepEqual([row.result, row.percent, row.step, row.leaseHolder], [{ pages: 5 }, 100, null, null])
    assert.deepEqual(row.endedAt, clock.now())
  })

  test('it is not there, and wakes nobody, when its transaction is undone', async (t) => {
    const { clock, db, start } = open(t)
    const woken: string[] = []
    const wrap = (queue: Queue): Queue => ({ ...queue, wake: async (_kind, { id }) => void woken.push(id) })
    const kind = kindOf()
    const process = await start(kind, { wrap })
    const ids: string[] = []
    const addAnd = (then: () => void) =>
      db.as(owner, async (db, after) => {
        ids.push(await process.jobs.add(db, after, kind, { actor, payload, now: clock.now() }))
        then()
      })
    await assert.rejects(
      addAnd(() => {
        throw new Error('undone')
      }),
      /undone/,
    )
    await addAnd(() => assert.deepEqual(woken, [], 'nobody before its commit'))
    assert.deepEqual(woken, ids.slice(1))
    assert.equal(await findJob(db, actor, ids[0] ?? ''), undefined)
  })

  test('it is tried again after pauses that double', async (t) => {
    const { clock, rowOf, start } = open(t)
    let runs = 0
    const kind = kindOf({
      run: async ({ attempt }) => {
        runs += 1
        if (attempt < 3) throw new Error('not yet')
        return { attempt }
      },
    })
    const process = await start(kind)
    const id = await process.add()
    await clock.scheduled(2_000)
    assert.deepEqual((await rowOf(id)).dueAt, new Date(clock.now().getTime() + 2_000))
    clock.advance(1_999)
    assert.equal(runs, 1)
    clock.advance(1)
    await clock.scheduled(4_000)
    assert.equal((await rowOf(id)).state, 'queued')
    clock.advance(4_000)
    const row = await process.until(id, isDone)
    assert.deepEqual([row.result, row.attempts, runs], [{ attempt: 3 }, 3, 3])
  })

  test('it fails for good after its last attempt, which is told once and without what went wrong inside', async (t) => {
    const { clock, start } = open(t)
    const told: unknown[] = []
    const kind = kindOf({
      attempts: 2,
      run: () => Promise.reject(new Error('the disk of node 7 is full')),
      onDead: async (work, failure) => void told.push([work.payload, failure.code]),
    })
    const process = await start(kind)
    const id = await process.add()
    await clock.scheduled(2_000)
    assert.deepEqual(told, [])
    clock.advance(2_000)
    const row = await process.until(id, isFailed)
    assert.deepEqual(told, [[payload, 'internal_error']])
    assert.deepEqual([row.attempts, row.failure?.code], [2, 'internal_error'])
    assert.doesNotMatch(row.failure?.message ?? '', /disk/)
  })

  test('what another attempt would not mend is not tried again', async (t) => {
    const { start } = open(t)
    const told: unknown[] = []
    const kind = kindOf({
      run: () => Promise.reject(new JobFailure('file_encrypted', 'The file has a password.')),
      onDead: async (_work, failure) => void told.push(failure),
    })
    const process = await start(kind)
    const row = await process.until(await process.add(), isFailed)
    assert.equal(row.attempts, 1)
    assert.deepEqual(row.failure, { code: 'file_encrypted', message: 'The file has a password.' })
    assert.deepEqual(told, [row.failure])
  })

  test('a payload that cannot be read fails like any other fault, and does not come back for ever', async (t) => {
    const { start } = open(t)
    const kind = kindOf({ attempts: 1, payload: z.object({ file: z.literal('another.pdf') }) as never })
    const process = await start(kind)
    const row = await process.until(await process.add(), isFailed)
    assert.equal(row.failure?.code, 'internal_error')
  })
})

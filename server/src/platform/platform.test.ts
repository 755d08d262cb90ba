import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { z } from 'zod'
import { testApp } from '#testing/app.ts'
import { systemActor } from './actor.ts'
import { openWire } from './bus/testing.ts'
import { systemClock } from './clock.ts'
import { findJob, type JobKind } from './jobs/index.ts'
import { redisUrl, withoutRedis } from './jobs/testing/shapes.ts'
import { quietLog } from './jobs/testing.ts'
import { openPlatform } from './platform.ts'

test('a process that starts while Redis is away does its jobs itself', {
  skip: withoutRedis,
  timeout: 30_000,
}, async () => {
  const { config, database } = await testApp()
  const driver = { ...database.driver, close: async () => undefined }
  const wire = await openWire(redisUrl)
  wire.cut()
  const wires = { kind: 'redis', url: wire.url } as const
  const around = { log: quietLog, clock: systemClock, driver, alone: false }
  const { db, jobs, bus, redis, close } = await openPlatform({ ...config, wires }, around)
  assert.equal(redis, 'down')
  const kind: JobKind<object> = {
    kind: `away-${randomUUID()}`,
    payload: z.object({}),
    concurrency: 1,
    attempts: 1,
    run: async () => ({ done: 'here' }),
  }
  jobs.define(kind)
  await jobs.start()
  const owner = { institutionId: '00000000-0000-7000-8000-000000000001', personId: randomUUID() }
  const actor = systemActor(owner, 'request-1')
  // Claimed, and then done.
  let changes = 0
  const finished = new Promise<void>((resolve) => {
    bus.subscribe('job.changed', () => {
      changes += 1
      if (changes === 2) resolve()
    })
  })
  const id = await db.as(owner, (db, after) => jobs.add(db, after, kind, { actor, payload: {}, now: new Date() }))
  await finished
  assert.deepEqual((await findJob(db, actor, id))?.result, { done: 'here' })
  wire.mend()
  await close()
  await wire.close()
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import pino from 'pino'
import { systemClock } from '#platform/clock.ts'
import { testApp } from '#testing/app.ts'
import { createCron } from './cron.ts'

const open = async (start: string) => {
  const { platform } = await testApp()
  let now = new Date(start)
  const clock = { ...systemClock, now: () => now }
  const cron = () => createCron({ db: platform.db, clock, log: pino({ level: 'silent' }) })
  return {
    cron,
    at: (moment: string) => {
      now = new Date(moment)
    },
  }
}

describe('a recurring task', () => {
  it('runs when it is due, once for all processes, and again the next time', async () => {
    const { cron, at } = await open('2026-03-01T00:00:00Z')
    const ran: string[] = []
    const name = `nightly-${randomUUID()}`
    const [here, there] = [cron(), cron()]
    for (const process of [here, there])
      process.define({ name, pattern: '30 3 * * *', run: async (now) => void ran.push(now.toISOString()) })
    await here.tick()
    assert.deepEqual(ran, [], 'not before its time')
    at('2026-03-01T03:30:00Z')
    await Promise.all([here.tick(), there.tick()])
    assert.equal(ran.length, 1)
    await there.tick()
    assert.equal(ran.length, 1)
    at('2026-03-02T03:31:00Z')
    await there.tick()
    assert.equal(ran.length, 2)
  })

  it('that was missed for a week is done once', async () => {
    const { cron, at } = await open('2026-03-01T00:00:00Z')
    const task = cron()
    let runs = 0
    task.define({
      name: `missed-${randomUUID()}`,
      pattern: '0 * * * *',
      run: async () => {
        runs += 1
      },
    })
    await task.tick()
    at('2026-03-08T00:10:00Z')
    await task.tick()
    await task.tick()
    assert.equal(runs, 1)
  })

  it('that fails comes round again, and keeps no other from running', async () => {
    const { cron, at } = await open('2026-03-01T00:00:00Z')
    const both = cron()
    let [failures, runs] = [0, 0]
    both.define({
      name: `failing-${randomUUID()}`,
      pattern: '0 * * * *',
      run: async () => {
        failures += 1
        throw new Error('no')
      },
    })
    both.define({
      name: `working-${randomUUID()}`,
      pattern: '0 * * * *',
      run: async () => {
        runs += 1
      },
    })
    for (const hour of ['00', '01', '02']) {
      at(`2026-03-01T${hour}:00:00Z`)
      await both.tick()
    }
    assert.deepEqual([failures, runs], [2, 2])
  })

  it('with a pattern that cannot be read stops the start', async () => {
    const { cron } = await open('2026-03-01T00:00:00Z')
    assert.throws(() => cron().define({ name: 'odd', pattern: 'whenever', run: async () => undefined }))
  })
})

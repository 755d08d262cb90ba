/** Counting between processes, and what becomes of it when Redis goes, comes back, is emptied or slow. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import { openWire } from '../bus/testing.ts'
import { redisUrl, withoutRedis } from '../jobs/testing/shapes.ts'
import { type Counters, sharedCounters } from './counters.ts'
import { openRedisCounters } from './redis.ts'
import type { Window } from './window.ts'

const quiet = () => undefined
const hourMs = 3_600_000
const start = Date.parse('2026-11-20T09:00:00Z')

/** Processes of one installation, and someone whom nobody has counted yet. */
const openHome = (t: TestContext) => {
  const prefix = `lyceum-test:${randomUUID()}`
  const window: Window = { key: `requests:${randomUUID()}`, limit: 10, windowMs: hourMs }
  const open = async (url = redisUrl): Promise<Counters> => {
    const counters = sharedCounters(await openRedisCounters({ url, prefix }, quiet), quiet)
    t.after(() => counters.close())
    return counters
  }
  const wire = async () => {
    const wire = await openWire(redisUrl)
    t.after(() => wire.close())
    return wire
  }
  /** How many of some calls at once are let in. */
  const admitted = async (counters: readonly Counters[], calls: number, now = start): Promise<number> => {
    const draws = Array.from({ length: calls }, (_, at) => counters[at % counters.length]?.draw([window], now))
    return (await Promise.all(draws)).filter((draw) => draw?.isAdmitted).length
  }
  return { open, wire, admitted, window, prefix }
}

describe('limits between processes', { skip: withoutRedis, timeout: 60_000 }, () => {
  test('are held by all together, to the call', async (t) => {
    const { open, admitted } = openHome(t)
    const processes = [await open(), await open(), await open()]
    assert.equal(await admitted(processes, 100), 10)
    assert.equal(await admitted(processes, 30, start + hourMs * 1.5), 5)
  })

  test('draw from all windows of a call or from none, and say what counts', async (t) => {
    const { open, window } = openHome(t)
    const narrow = { key: `chat:${randomUUID()}`, limit: 2, windowMs: 60_000 }
    const [one, other] = [await open(), await open()]
    for (const counters of [one, other]) await counters.draw([window, narrow], start)
    assert.deepEqual(await one.draw([window, narrow], start), {
      isAdmitted: false,
      counts: [
        { current: 2, previous: 0 },
        { current: 2, previous: 0 },
      ],
    })
    const { counts } = await other.draw([window, narrow], start + 90_000)
    assert.deepEqual(counts, [
      { current: 3, previous: 0 },
      { current: 1, previous: 2 },
    ])
  })

  test('hold for each process while Redis is away, and for all when it is back', async (t) => {
    const { open, wire: makeWire, admitted } = openHome(t)
    const wire = await makeWire()
    const [far, near] = [await open(wire.url), await open()]
    assert.equal(await admitted([far], 4), 4)
    assert.equal(await admitted([near], 2), 2)
    wire.cut()
    assert.equal(await admitted([far], 100), 6, 'what it let in before counts on')
    assert.equal(await admitted([near], 1), 1)
    wire.mend()
    // In the next window; a call every second, so that it looks for Redis again.
    let now = start + 2 * hourMs
    const sharedWith = async (): Promise<boolean> => {
      now += 1_001
      const [before] = (await near.draw([{ key: `probe:${now}`, limit: 9, windowMs: hourMs }], now)).counts
      const [after] = (await far.draw([{ key: `probe:${now}`, limit: 9, windowMs: hourMs }], now)).counts
      return before?.current === 1 && after?.current === 2
    }
    while (!(await sharedWith())) await new Promise(setImmediate)
    assert.equal(await admitted([far, near], 100, now), 10)
  })

  test('hold in a process that starts while Redis is away', async (t) => {
    const { open, wire: makeWire, admitted } = openHome(t)
    const wire = await makeWire()
    wire.cut()
    assert.equal(await admitted([await open(wire.url)], 100), 10)
  })

  test('hold when Redis falls silent, and calls do not wait for it one by one', async (t) => {
    const { open, wire: makeWire, admitted } = openHome(t)
    const wire = await makeWire()
    const far = await open(wire.url)
    wire.silence()
    assert.equal(await admitted([far], 1), 1)
    // Resting, it answers without asking Redis: in this turn of the event loop.
    let settled = 0
    for (let call = 0; call < 20; call += 1) void admitted([far], 1).then((count) => (settled += count))
    await new Promise(setImmediate)
    assert.equal(settled, 9)
  })

  test('hold when Redis comes back empty', async (t) => {
    const { open, admitted, prefix } = openHome(t)
    const counters = await open()
    assert.equal(await admitted([counters], 10), 10)
    await removeKeys(prefix)
    assert.equal(await admitted([counters], 10), 0)
  })

  test('leave nothing behind for longer than they count', async (t) => {
    const { open, admitted, prefix } = openHome(t)
    await admitted([await open()], 3)
    const [left] = await withRedis(async (redis) =>
      Promise.all((await redis.keys(`${prefix}*`)).map((key) => redis.pttl(key))),
    )
    assert.ok(left && left > 0 && left <= 2 * hourMs, String(left))
  })
})

const withRedis = async <T>(use: (redis: import('ioredis').Redis) => Promise<T>): Promise<T> => {
  const { Redis } = await import('ioredis')
  const redis = new Redis(redisUrl)
  return use(redis).finally(() => redis.disconnect())
}
const removeKeys = (prefix: string) => withRedis(async (redis) => redis.del(await redis.keys(`${prefix}*`)))

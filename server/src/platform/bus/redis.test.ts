import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import pino from 'pino'
import type { Bus, BusEvent, Topic } from './index.ts'
import { openRedisBus } from './redis.ts'

import { openWire } from './testing.ts'

const prefix = `lyceum-${randomUUID()}`
const url = process.env.LYCEUM_TEST_REDIS_URL ?? ''
const skip = url ? false : 'needs LYCEUM_TEST_REDIS_URL: see scripts/services.sh'
const log = pino({ level: 'silent' })
const event = { id: 'job-1', version: 3 }

/** What one process of the server has. */
const open = async (
  t: TestContext,
  over: { url?: string; prefix?: string; heartbeatMs?: number } = {},
): Promise<Bus> => {
  const bus = await openRedisBus({ url, prefix, log, ...over })
  t.after(() => bus.close())
  return bus
}
const wireFor = async (t: TestContext) => {
  const wire = await openWire(url)
  t.after(() => wire.close())
  return wire
}
const heard = (bus: Bus, topic: Topic, isIt: (event: BusEvent) => boolean = () => true): Promise<BusEvent> =>
  new Promise((resolve) => {
    const stop = bus.subscribe(topic, (event) => {
      if (!isIt(event)) return
      stop()
      resolve(event)
    })
  })
const isEverySession = ({ id }: BusEvent) => id === '*'
/** Looks again as often as the event loop comes round, for what Redis' client tells nobody. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise(setImmediate)
}

describe('the bus on Redis', { skip, timeout: 30_000 }, () => {
  test('reaches the listeners of another process, and of no other topic', async (t) => {
    const [here, there] = [await open(t), await open(t)]
    assert.deepEqual([here.isShared, here.reachesAll(), there.reachesAll()], [true, true, true])
    const topics: string[] = []
    there.subscribe('document.changed', () => topics.push('document.changed'))
    const arrived = heard(there, 'job.changed')
    here.publish('job.changed', event)
    assert.deepEqual(await arrived, event)
    assert.deepEqual(topics, [])
  })

  test('is heard at once where it is published, and only once', async (t) => {
    const [here, there] = [await open(t), await open(t)]
    const own: BusEvent[] = []
    here.subscribe('job.changed', (event) => own.push(event))
    here.publish('job.changed', event)
    assert.deepEqual(own, [event])
    // The other's answer comes over the same subscription, after whatever came back of our own.
    const answer = heard(here, 'turn.stopped')
    there.subscribe('document.changed', () => there.publish('turn.stopped', event))
    here.publish('document.changed', event)
    await answer
    assert.deepEqual(own, [event])
  })

  test('a subscription ends, and a listener that fails harms nobody', async (t) => {
    const bus = await open(t)
    let calls = 0
    const stop = bus.subscribe('job.changed', () => {
      throw new Error('a bug')
    })
    const stopCounting = bus.subscribe('job.changed', () => (calls += 1))
    bus.publish('job.changed', event)
    stop()
    stopCounting()
    bus.publish('job.changed', event)
    assert.equal(calls, 1)
  })

  test('after a gap everybody forgets the sessions before memory counts again', async (t) => {
    const wire = await wireFor(t)
    const [far, near] = [await open(t, { url: wire.url }), await open(t)]
    wire.cut()
    await until(() => !far.reachesAll())
    near.publish('session.ended', { id: 'missed', version: 1 })
    far.publish('job.changed', event)

    const forgotten = new Promise<boolean>((resolve) => {
      far.subscribe('session.ended', (event) => isEverySession(event) && resolve(far.reachesAll()))
    })
    wire.mend()
    assert.equal(await forgotten, false, 'it is told while memory does not count yet')
    await until(() => far.reachesAll())
    const arrived = heard(far, 'job.changed')
    near.publish('job.changed', { id: 'after', version: 2 })
    assert.deepEqual(await arrived, { id: 'after', version: 2 })
  })

  test('a session that ended while this process was cut off is forgotten by the others when it is back', async (t) => {
    const wire = await wireFor(t)
    const [far, near] = [await open(t, { url: wire.url }), await open(t)]
    wire.cut()
    await until(() => !far.reachesAll())
    const forgotten = heard(near, 'session.ended', isEverySession)
    far.publish('session.ended', { id: 'session-1', version: 1 })
    wire.mend()
    await forgotten
  })

  test('a network that falls silent is noticed', async (t) => {
    const wire = await wireFor(t)
    const bus = await open(t, { url: wire.url, heartbeatMs: 50 })
    wire.silence()
    await until(() => !bus.reachesAll())
    wire.mend()
    await until(() => bus.reachesAll())
  })

  test('without Redis at the start it opens all the same, and joins when Redis is there', async (t) => {
    const wire = await wireFor(t)
    wire.cut()
    const late = await open(t, { url: wire.url })
    assert.equal(late.reachesAll(), false)
    const own = heard(late, 'job.changed')
    late.publish('job.changed', event)
    assert.deepEqual(await own, event)
    wire.mend()
    await until(() => late.reachesAll())
  })

  test('two installations on one Redis do not hear each other', async (t) => {
    const second = `lyceum-${randomUUID()}`
    const [here, elsewhere] = [await open(t), await open(t, { prefix: second })]
    const strange: BusEvent[] = []
    elsewhere.subscribe('job.changed', (event) => strange.push(event))
    const same = await open(t)
    const arrived = heard(same, 'job.changed')
    here.publish('job.changed', event)
    await arrived
    // By Redis' order, what the other had been sent before this is there before it.
    const marker = heard(elsewhere, 'turn.stopped')
    const neighbour = await open(t, { prefix: second })
    neighbour.publish('turn.stopped', event)
    await marker
    assert.deepEqual(strange, [])
  })
})

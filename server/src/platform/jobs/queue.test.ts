/** The queues of wake-ups themselves. What they lose the sweep finds: see sweep.test.ts. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import { openWire } from '../bus/testing.ts'
import { openRedisQueue } from './redis.ts'
import { inbox, newWake } from './testing/inbox.ts'
import { memoryQueue, redisQueue, redisUrl, withoutRedis } from './testing/shapes.ts'
import { createHandClock, quietLog } from './testing.ts'

const newKind = (): string => `kind-${randomUUID()}`

for (const shape of [memoryQueue, redisQueue]) {
  describe(shape.name, { skip: shape.skip, timeout: 30_000 }, () => {
    const open = async (t: TestContext) => {
      const queue = await shape.open()
      t.after(() => queue.close())
      return queue
    }

    test('brings each wake-up, once for each time that a job is free, and one at a time when told so', async (t) => {
      const [queue, kind, wake, last] = [await open(t), newKind(), newWake(), newWake()]
      const gate = Promise.withResolvers<void>()
      let active = 0
      let most = 0
      const { count } = await inbox(queue, kind, async () => {
        active += 1
        most = Math.max(most, active)
        await gate.promise
        active -= 1
      })
      await queue.wake(kind, wake)
      await queue.wake(kind, wake)
      await queue.wake(kind, { ...wake, freeSinceMs: 2 })
      await queue.wake(kind, last)
      await count(1)
      gate.resolve()
      assert.deepEqual(await count(3), [wake, { ...wake, freeSinceMs: 2 }, last])
      assert.equal(most, 1)
    })

    test('a wake-up that came to nothing may be given again', async (t) => {
      const [queue, kind, wake, next] = [await open(t), newKind(), newWake(), newWake()]
      const { count } = await inbox(queue, kind, () => Promise.reject(new Error('the database is away')))
      await queue.wake(kind, wake)
      await count(1)
      await queue.wake(kind, next)
      await count(2)
      await queue.wake(kind, wake)
      assert.deepEqual(await count(3), [wake, next, wake])
    })

    test('takes nothing more once it is paused', async (t) => {
      const [queue, kind] = [await open(t), newKind()]
      const gate = Promise.withResolvers<void>()
      const { count, arrived } = await inbox(queue, kind, () => gate.promise)
      await queue.wake(kind, newWake())
      await queue.wake(kind, newWake())
      await count(1)
      queue.pause()
      gate.resolve()
      await queue.close()
      assert.equal(arrived.length, 1)
    })
  })
}

describe('the queue on Redis, between processes', { skip: withoutRedis, timeout: 30_000 }, () => {
  const open = async (t: TestContext) => {
    const queue = await redisQueue.open()
    t.after(() => queue.close())
    return queue
  }
  /** A queue whose wire can be cut; mended at the end, without which BullMQ's own connections would not close. */
  const openWired = async (t: TestContext, { isCut = false } = {}) => {
    const wire = await openWire(redisUrl)
    if (isCut) wire.cut()
    const queue = await redisQueue.open(wire.url)
    t.after(async () => {
      wire.mend()
      await queue.close()
      await wire.close()
    })
    return { wire, queue, kind: newKind(), wake: newWake() }
  }

  test('wakes another process', async (t) => {
    const kind = newKind()
    const [here, there] = [await open(t), await open(t)]
    const { count } = await inbox(there, kind)
    // Once it has worked it waits for more.
    await there.wake(kind, newWake())
    await count(1)
    const wake = newWake()
    await here.wake(kind, wake)
    assert.deepEqual((await count(2))[1], wake)
  })

  test('leaves to others what comes while it stops', async (t) => {
    const kind = newKind()
    const [stopping, other] = [await open(t), await open(t)]
    const mine = await inbox(stopping, kind)
    await stopping.wake(kind, newWake())
    await mine.count(1)
    stopping.pause()
    const wake = newWake()
    await stopping.wake(kind, wake)
    const theirs = await inbox(other, kind)
    assert.deepEqual(await theirs.count(1), [wake])
    assert.equal(mine.arrived.length, 1)
  })

  test('closes without waiting for ever for what does not end', async () => {
    const [clock, kind] = [createHandClock(), newKind()]
    const queue = await openRedisQueue({ url: redisUrl, prefix: 'lyceum-test', log: quietLog, clock })
    const never = Promise.withResolvers<void>()
    const { count } = await inbox(queue, kind, () => never.promise)
    await queue.wake(kind, newWake())
    await count(1)
    const closed = queue.close()
    await clock.scheduled(5_000)
    clock.advance(5_000)
    await closed
    never.resolve()
  })

  test('without Redis a wake-up is refused at once, and it works again when Redis is back', async (t) => {
    const { wire, queue, kind, wake } = await openWired(t)
    const { count } = await inbox(queue, kind)
    await queue.wake(kind, newWake())
    await count(1)
    wire.cut()
    const untilRefused = async (): Promise<void> => {
      for (;;) await queue.wake(kind, newWake())
    }
    await assert.rejects(untilRefused())
    wire.mend()
    while (await queue.wake(kind, wake).then(...isRefused)) await new Promise(setImmediate)
    const known = await count(2)
    while (!known.some(({ id }) => id === wake.id)) await count(known.length + 1)
  })

  test('a Redis that falls silent refuses too', async (t) => {
    const { wire, queue, kind, wake } = await openWired(t)
    await queue.wake(kind, newWake())
    wire.silence()
    await assert.rejects(queue.wake(kind, wake))
    wire.cut()
  })

  test('opens without Redis, and works when Redis is there', async (t) => {
    const { wire, queue, kind, wake } = await openWired(t, { isCut: true })
    const { count } = await inbox(queue, kind)
    await assert.rejects(queue.wake(kind, wake), /Redis is away/)
    wire.mend()
    const other = await open(t)
    await other.wake(kind, wake)
    assert.deepEqual(await count(1), [wake])
  })
})

const isRefused = [() => false, () => true] as const

/** Without Redis each process does what it adds. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import { complainSparsely } from '../bus/sparse-log.ts'
import { openWire } from '../bus/testing.ts'
import { withFallback } from './fallback.ts'
import type { Queue } from './index.ts'
import { openMemoryQueue } from './memory.ts'
import { inbox, newWake } from './testing/inbox.ts'
import { redisQueue, redisUrl, withoutRedis } from './testing/shapes.ts'
import { createHandClock, quietLog } from './testing.ts'

const quiet = () => undefined

/** A queue that can be taken away. */
const openFragile = (): Queue & { isAway: boolean } => {
  const queue = openMemoryQueue()
  return {
    ...queue,
    isAway: false,
    async wake(kind, wake) {
      if (this.isAway) throw new Error('away')
      await queue.wake(kind, wake)
    },
  }
}

describe('a queue that may be away', { timeout: 30_000 }, () => {
  test('what it refuses is run here, and one line a minute says so', async () => {
    const [fragile, clock, lines] = [openFragile(), createHandClock(), [] as string[]]
    const log = { ...quietLog, warn: (_: unknown, line: string) => void lines.push(line) } as typeof quietLog
    const queue = withFallback(fragile, complainSparsely(log, clock))
    const { count } = await inbox(queue, 'kind')
    const wakes = [newWake(), newWake(), newWake()] as const
    await queue.wake('kind', wakes[0])
    await count(1)
    fragile.isAway = true
    await queue.wake('kind', wakes[1])
    await queue.wake('kind', wakes[2])
    assert.deepEqual(await count(3), wakes)
    assert.equal(lines.length, 1)
    clock.advance(60_000)
    await queue.wake('kind', newWake())
    assert.equal(lines.length, 2)
  })

  test('both together do no more at a time than one', async () => {
    const fragile = openFragile()
    const queue = withFallback(fragile, quiet)
    const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>())
    let [active, most] = [0, 0]
    let begun = 0
    const { count } = await inbox(queue, 'kind', async () => {
      active += 1
      most = Math.max(most, active)
      await gates[begun++]?.promise
      active -= 1
    })
    for (const isAway of [false, true, false, true]) {
      fragile.isAway = isAway
      await queue.wake('kind', newWake())
    }
    for (const [at, gate] of gates.entries()) {
      await count(at + 1)
      gate.resolve()
    }
    await count(4)
    assert.equal(most, 1)
  })

  test('paused it takes nothing more from either', async () => {
    const fragile = openFragile()
    const queue = withFallback(fragile, quiet)
    const { arrived } = await inbox(queue, 'kind')
    queue.pause()
    await queue.wake('kind', newWake())
    fragile.isAway = true
    await queue.wake('kind', newWake())
    await queue.close()
    assert.deepEqual(arrived, [])
  })
})

describe('with Redis cut off', { skip: withoutRedis, timeout: 30_000 }, () => {
  /** The wire is mended at the end, without which BullMQ's own connections would not close. */
  const open = async (t: TestContext, { isCut = false } = {}) => {
    const wire = await openWire(redisUrl)
    if (isCut) wire.cut()
    const queue = withFallback(await redisQueue.open(wire.url), quiet)
    t.after(async () => {
      wire.mend()
      await queue.close()
      await wire.close()
    })
    return { wire, queue, kind: `cut-${randomUUID()}`, wake: newWake() }
  }

  test('each wake-up is answered here at once, and when Redis is back by Redis again', async (t) => {
    const { wire, queue, kind, wake } = await open(t)
    const { count, arrived } = await inbox(queue, kind)
    wire.cut()
    await queue.wake(kind, wake)
    assert.deepEqual(await count(1), [wake])
    wire.mend()
    const other = await redisQueue.open()
    t.after(() => other.close())
    const later = newWake()
    await other.wake(kind, later)
    while (!arrived.some(({ id }) => id === later.id)) await count(arrived.length + 1)
  })

  test('a process that starts then does its own work', async (t) => {
    const { queue, kind, wake } = await open(t, { isCut: true })
    const { count } = await inbox(queue, kind)
    await queue.wake(kind, wake)
    assert.deepEqual(await count(1), [wake])
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMemoryCounters } from './memory.ts'
import { mayDraw, waitOf } from './window.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-20T09:00:00Z')
const windowOf = (limit: number, key = 'requests:ada') => ({ key, limit, windowMs: hour })

/** One caller under one limit, who calls whenever there is room. */
const caller = (limit: number) => {
  const [memory, window] = [createMemoryCounters(), windowOf(limit)]
  return (now: number): boolean => {
    const { isAdmitted } = memory.look([window], now)
    if (isAdmitted) memory.add([window], now)
    return isAdmitted
  }
}

describe('a sliding window', () => {
  it('lets in as many as it says, however fast they come', () => {
    const call = caller(100)
    const admitted = Array.from({ length: 300 }, () => call(start + 5)).filter(Boolean)
    assert.equal(admitted.length, 100)
  })

  it('opens as the calls of the window before fade, not all at once', () => {
    const call = caller(100)
    for (let at = 0; at < 100; at += 1) call(start + hour - 1)
    assert.equal(call(start + hour), false)
    const quarter = Array.from({ length: 100 }, () => call(start + hour * 1.25)).filter(Boolean)
    assert.equal(quarter.length, 25)
    const whole = Array.from({ length: 200 }, () => call(start + hour * 2 - 1)).filter(Boolean)
    assert.equal(whole.length, 74)
  })

  it('forgets what is two windows old', () => {
    const call = caller(3)
    for (let at = 0; at < 3; at += 1) assert.equal(call(start), true)
    assert.equal(call(start + 2 * hour), true)
  })

  it('takes calls of any pace without letting more than its measure count', () => {
    const memory = createMemoryCounters()
    const window = windowOf(50)
    let admitted = 0
    for (let now = start; now < start + 10 * hour; now += 17_000) {
      if (!memory.look([window], now).isAdmitted) continue
      memory.add([window], now)
      admitted += 1
    }
    // Fifty an hour, and at most one window's worth more for the beginning and the end.
    assert.ok(admitted >= 10 * 50 - 50 && admitted <= 11 * 50, String(admitted))
  })

  const standings = [1, 2, 3, 7, 100].flatMap((limit) =>
    [0, 1, limit - 1, limit].flatMap((previous) =>
      [0, 1, limit - 1, limit].flatMap((current) =>
        [0, 1, hour / 3, hour - 1].map((elapsed) => ({ limit, previous, current, elapsed })),
      ),
    ),
  )
  /** The counts as they stand at a moment when nobody has called since. */
  const countsAt = ({ previous, current }: (typeof standings)[number], now: number) => {
    const windows = Math.floor((now - start) / hour)
    return (
      [
        { current, previous },
        { current: 0, previous: current },
      ][windows] ?? { current: 0, previous: 0 }
    )
  }

  it('names the moment from which a call is let in, and none before it', () => {
    for (const given of standings) {
      const [window, now] = [windowOf(given.limit), start + given.elapsed]
      const then = now + Math.ceil(waitOf(window, given, now))
      assert.ok(mayDraw(window, countsAt(given, then), then), JSON.stringify(given))
      const early = then - 2
      assert.ok(early <= now || !mayDraw(window, countsAt(given, early), early), JSON.stringify(given))
    }
  })
})

describe('counters in memory', () => {
  it('keep nothing of windows that are over', () => {
    const memory = createMemoryCounters()
    for (let at = 0; at < 500; at += 1) memory.add([windowOf(10, `requests:${at}`)], start)
    assert.equal(memory.size(), 500)
    memory.add([windowOf(10, 'requests:late')], start + 2 * hour)
    assert.equal(memory.size(), 1)
  })

  it('keep no more than they may, and rather those who call', () => {
    const memory = createMemoryCounters(100)
    const ada = windowOf(2)
    memory.add([ada], start)
    for (let at = 0; at < 1_000; at += 1) {
      memory.add([windowOf(10, `address:${at}`)], start)
      if (at === 50) memory.add([ada], start)
      if (at < 140) assert.equal(memory.look([ada], start).isAdmitted, at < 50, String(at))
    }
    assert.equal(memory.size(), 100)
  })

  it('draw from all windows of a call or from none', () => {
    const memory = createMemoryCounters()
    const [wide, narrow] = [windowOf(10, 'wide'), windowOf(1, 'narrow')]
    memory.add([wide, narrow], start)
    assert.deepEqual(memory.look([wide, narrow], start), {
      isAdmitted: false,
      counts: [
        { index: start / hour, current: 1, previous: 0 },
        { index: start / hour, current: 1, previous: 0 },
      ],
    })
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startClock } from './clock.ts'

test('time while the clock stands still does not count', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  let elapsed = 0
  const clock = startClock(1000, () => (elapsed += 1), Date.now)
  t.mock.timers.tick(600)
  clock.pause()
  t.mock.timers.tick(5000)
  clock.resume()
  t.mock.timers.tick(399)
  assert.equal(elapsed, 0)
  t.mock.timers.tick(1)
  assert.equal(elapsed, 1)
})

test('a paused clock never rings, and pausing or resuming twice is as once', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  let elapsed = 0
  const clock = startClock(100, () => (elapsed += 1), Date.now)
  clock.resume()
  clock.pause()
  clock.pause()
  t.mock.timers.tick(1000)
  assert.equal(elapsed, 0)
})

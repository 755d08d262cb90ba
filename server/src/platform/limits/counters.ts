/**
 * Where calls are counted. Redis has the count of all processes; each process also counts what it let in itself, so that
 * a Redis that is away, or came back empty, opens no limit: then it holds for each process.
 */
import type { Complain } from '../bus/sparse-log.ts'
import { createMemoryCounters, type MemoryCounters } from './memory.ts'
import type { SharedCounters } from './redis.ts'
import type { Draw, Window } from './window.ts'

export interface Counters {
  /** Draws a call from each window, or from none when one has no room. */
  draw(windows: readonly Window[], now: number): Promise<Draw>
  close(): Promise<void>
}

export const ownCounters = (memory: MemoryCounters = createMemoryCounters()): Counters => ({
  draw: async (windows, now) => drawFrom(memory, windows, now),
  close: async () => undefined,
})

/** After it failed Redis is left alone for this long: who calls meanwhile does not wait for it. */
const restMs = 1_000

export const sharedCounters = (
  shared: SharedCounters,
  complain: Complain,
  memory: MemoryCounters = createMemoryCounters(),
): Counters => {
  let restsUntil = Number.NEGATIVE_INFINITY
  return {
    draw: async (windows, now) => {
      const own = memory.look(windows, now)
      if (!own.isAdmitted) return own
      // A clock that was set back must not make the rest a long one.
      if (now < restsUntil && now >= restsUntil - restMs) return drawFrom(memory, windows, now)
      try {
        const draw = await shared.draw(windows, now)
        if (draw.isAdmitted) memory.add(windows, now)
        return draw
      } catch (error) {
        restsUntil = now + restMs
        complain(error, 'Redis counts no calls; limits hold for this process by itself')
        return drawFrom(memory, windows, now)
      }
    },
    close: () => shared.close(),
  }
}

const drawFrom = (memory: MemoryCounters, windows: readonly Window[], now: number): Draw => {
  const seen = memory.look(windows, now)
  return seen.isAdmitted ? { isAdmitted: true, counts: memory.add(windows, now) } : seen
}

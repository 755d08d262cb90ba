/** Wake-ups inside one process: who adds a job wakes itself. The rows and the sweep make up for what it forgets. */
import { keyOf, type Queue, type Wake } from './queue.ts'

interface Lane {
  /** What waits or is worked on, so that a sweep that tells of it again adds nothing. */
  known: Set<string>
  waiting: Wake[]
  active: number
  concurrency: number
  work(wake: Wake): Promise<void>
}

export const openMemoryQueue = (): Queue => {
  const lanes = new Map<string, Lane>()
  let isPaused = false

  const perform = async (lane: Lane, wake: Wake): Promise<void> => {
    lane.active += 1
    // The worker tells of its own faults.
    await lane.work(wake).catch(() => undefined)
    lane.active -= 1
    lane.known.delete(keyOf(wake))
    next(lane)
  }
  const next = (lane: Lane): void => {
    if (isPaused || lane.active >= lane.concurrency) return
    const wake = lane.waiting.shift()
    if (wake) void perform(lane, wake)
  }
  const pause = (): void => {
    isPaused = true
  }
  return {
    wake: async (kind, wake) => {
      const lane = lanes.get(kind)
      if (!lane || lane.known.has(keyOf(wake))) return
      lane.known.add(keyOf(wake))
      lane.waiting.push(wake)
      next(lane)
    },
    listen: async (kind, concurrency, work) =>
      void lanes.set(kind, { known: new Set(), waiting: [], active: 0, concurrency, work }),
    pause,
    close: async () => pause(),
  }
}

/** A queue that may be away, with this process in its place: what it refuses is run here. */
import type { Complain } from '../bus/sparse-log.ts'
import { openMemoryQueue } from './memory.ts'
import type { Queue } from './queue.ts'

type Work = Parameters<Queue['listen']>[2]

export const withFallback = (queue: Queue, complain: Complain): Queue => {
  const local = openMemoryQueue()
  return {
    wake: async (kind, wake) => {
      try {
        await queue.wake(kind, wake)
      } catch (error) {
        complain(error, 'the job queue cannot be reached; this process does what it adds itself')
        await local.wake(kind, wake)
      }
    },
    listen: async (kind, concurrency, work) => {
      const shared = atMost(concurrency, work)
      await local.listen(kind, concurrency, shared)
      await queue.listen(kind, concurrency, shared)
    },
    pause: () => {
      local.pause()
      queue.pause()
    },
    close: async () => {
      await local.close()
      await queue.close()
    },
  }
}

/** Both queues feed the same work, and may not do more at a time together than one of them. */
const atMost = (concurrency: number, work: Work): Work => {
  const waiting: (() => void)[] = []
  let active = 0
  return async (wake) => {
    if (active >= concurrency) await new Promise<void>((enter) => waiting.push(enter))
    else active += 1
    try {
      await work(wake)
    } finally {
      const enterNext = waiting.shift()
      // Who enters takes this place over.
      if (enterNext) enterNext()
      else active -= 1
    }
  }
}

/** Timers that were made and not yet cleared or fired, those that keep no process alive included. */
import { createHook } from 'node:async_hooks'

interface LiveTimers {
  /** Of those made since the count began. */
  count(): number
  stop(): void
}

export const countTimers = (): LiveTimers => {
  const live = new Set<number>()
  const hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout') live.add(id)
    },
    destroy: (id) => live.delete(id),
  }).enable()
  return { count: () => live.size, stop: () => void hook.disable() }
}

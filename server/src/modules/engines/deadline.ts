import type { Clock } from '#platform/clock.ts'

/** Waits of one call that end by a timer, each told by its own error. */
export interface Deadline {
  /** Begins a wait; the one before is over. */
  start(ms: number, error: () => Error): void
  stop(): void
}

/** @param expire called with the error of the wait that took too long */
export const createDeadline = (clock: Clock, expire: (error: Error) => void): Deadline => {
  let stop = (): void => undefined
  return {
    start: (ms, error) => {
      stop()
      stop = clock.after(ms, () => expire(error()))
    },
    stop: () => stop(),
  }
}

/** Resolves after `ms`, or rejects with the signal's reason when it is aborted before. */
export const sleep = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const leave = (): void => {
      stop()
      reject(signal.reason)
    }
    const stop = clock.after(ms, () => {
      signal.removeEventListener('abort', leave)
      resolve()
    })
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })

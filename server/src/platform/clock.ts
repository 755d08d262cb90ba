/** Time as an argument: the present, and timers that a test can fire by hand. */
export interface Clock {
  now(): Date
  /** Calls `act` every `ms` until the returned function is called. Never keeps the process alive. */
  every(ms: number, act: () => void): () => void
  /** Calls `act` once after `ms` unless the returned function is called first. Never keeps the process alive. */
  after(ms: number, act: () => void): () => void
}

export const systemClock: Clock = {
  now: () => new Date(),
  every: (ms, act) => {
    const timer = setInterval(act, ms).unref()
    return () => clearInterval(timer)
  },
  after: (ms, act) => {
    const timer = setTimeout(act, ms).unref()
    return () => clearTimeout(timer)
  },
}

/** A time limit that stands still while the child waits for the parent: a slow database is not the file's fault. */
export interface Clock {
  pause: () => void
  resume: () => void
}

/** Starts a clock that calls `onElapsed` once `limitMs` have been spent unpaused. Pause it to end it. */
export const startClock = (
  limitMs: number,
  onElapsed: () => void,
  now: () => number = performance.now.bind(performance),
): Clock => {
  let left = limitMs
  let since = 0
  let timer: NodeJS.Timeout | undefined
  const resume = (): void => {
    if (timer) return
    since = now()
    timer = setTimeout(onElapsed, left)
  }
  const pause = (): void => {
    if (!timer) return
    clearTimeout(timer)
    timer = undefined
    left = Math.max(0, left - (now() - since))
  }
  resume()
  return { pause, resume }
}

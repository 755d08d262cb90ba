/**
 * The arithmetic of a sliding window kept as two counters: what was counted in the window before weighs as much as of it
 * still lies within one window's length. It takes calls of the window before as evenly spread (docs/decisions/0010).
 */

/** A bound on calls: so many within any time of this length. */
export interface Window {
  /** What is counted, and of whom. */
  key: string
  /** At least 1. */
  limit: number
  windowMs: number
}

/** Calls counted in the present window and in the one before. */
export interface Counts {
  current: number
  previous: number
}

/** Whether a call was let in, and what counts in each of its windows afterwards. */
export interface Draw {
  isAdmitted: boolean
  counts: Counts[]
}

/** Fractions of a call that are rounding and nothing more. */
const tolerance = 1e-9

/** Number of the window that a moment lies in, counted from 1970. */
export const indexAt = (now: number, windowMs: number): number => Math.floor(now / windowMs)

/** What a call of the window before counts now: from 1 at the window's beginning down to 0. */
export const weightAt = (now: number, windowMs: number): number => 1 - (now % windowMs) / windowMs

/** The most that may count for one more call to be let in. */
export const roomOf = ({ limit }: Window): number => limit - 1 + tolerance

export const mayDraw = (window: Window, counts: Counts, now: number): boolean =>
  usedAt(window, counts, now) <= roomOf(window)

const usedAt = ({ windowMs }: Window, { current, previous }: Counts, now: number): number =>
  previous * weightAt(now, windowMs) + current

/** Whole calls that are left. */
export const remainingAt = (window: Window, counts: Counts, now: number): number =>
  Math.max(0, Math.floor(window.limit - usedAt(window, counts, now) + tolerance))

/** Time to the end of the present window, in ms. */
export const leftOf = ({ windowMs }: Window, now: number): number => windowMs - (now % windowMs)

/** Time until there is room for one more call if none is let in meanwhile, in ms; 0 when there is. */
export const waitOf = (window: Window, counts: Counts, now: number): number => {
  if (mayDraw(window, counts, now)) return 0
  const { limit, windowMs } = window
  const elapsed = now % windowMs
  const room = limit - 1 - counts.current
  // Previous calls fade in this window; when the present ones alone leave no room, those fade in the next.
  return room >= 0
    ? windowMs * (1 - room / counts.previous) - elapsed
    : windowMs - elapsed + windowMs * (1 - (limit - 1) / counts.current)
}

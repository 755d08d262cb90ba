/** Counters in this process. */
import { type Counts, type Draw, indexAt, mayDraw, type Window } from './window.ts'

export interface MemoryCounters {
  /** What counts now; changes nothing. */
  look(windows: readonly Window[], now: number): Draw
  /** Counts a call in each window, whether there is room or not. */
  add(windows: readonly Window[], now: number): Counts[]
  /** Windows that are kept. */
  size(): number
}

interface Entry extends Counts {
  index: number
}

/** Windows of one length that are kept; past that the one that was longest without a call is forgotten. */
const keepAtMost = 50_000

export const createMemoryCounters = (atMost = keepAtMost): MemoryCounters => {
  /** By length of the window; within one, longest without a call first. */
  const held = new Map<number, Map<string, Entry>>()

  const read = ({ key, windowMs }: Window, now: number): Entry => {
    const index = indexAt(now, windowMs)
    const found = held.get(windowMs)?.get(key)
    if (found?.index === index) return found
    return { index, current: 0, previous: found?.index === index - 1 ? found.current : 0 }
  }

  const write = ({ key, windowMs }: Window, { index, current, previous }: Entry): void => {
    const entries = held.get(windowMs) ?? new Map<string, Entry>()
    held.set(windowMs, entries)
    entries.delete(key)
    entries.set(key, { index, current, previous })
    for (const [eldest, entry] of entries) {
      // What is two windows old counts for nothing any more.
      if (entry.index >= index - 1 && entries.size <= atMost) break
      entries.delete(eldest)
    }
  }

  const look = (windows: readonly Window[], now: number): Draw => {
    const counts = windows.map((window) => read(window, now))
    return { isAdmitted: windows.every((window, at) => mayDraw(window, counts[at] ?? none, now)), counts }
  }
  return {
    look,
    add: (windows, now) =>
      windows.map((window) => {
        const { index, current, previous } = read(window, now)
        const entry = { index, current: current + 1, previous }
        write(window, entry)
        return entry
      }),
    size: () => [...held.values()].reduce((sum, { size }) => sum + size, 0),
  }
}

const none: Counts = { current: 0, previous: 0 }

/** Whether the server answers: told by every call, and asked for by itself while it does not. */
import { createStore, type Store } from './store.ts'

/** `back` stands for some seconds after it was away. */
export type Reach = 'here' | 'away' | 'back'

export interface Reaching {
  reach: Store<Reach>
  /** What a call has met. */
  report: (isReached: boolean) => void
}

const firstProbeMs = 2000
const slowestProbeMs = 15_000
const backForMs = 6000

/** What stands between may answer in the server's place. */
const isGateway = ({ status }: Response): boolean => status === 502 || status === 504

/**
 * @param probe asks the server anything, and rejects when nobody answers
 * @param onBack is told when it answers again
 */
export const createReaching = (probe: () => Promise<unknown>, onBack: () => void): Reaching => {
  const reach = createStore<Reach>('here')
  let timer: ReturnType<typeof setTimeout> | undefined
  const later = (ms: number, task: () => void): void => {
    clearTimeout(timer)
    timer = setTimeout(task, ms)
  }
  const ask = (afterMs: number): void =>
    later(afterMs, () => probe().catch(() => ask(Math.min(afterMs * 2, slowestProbeMs))))
  const report = (isReached: boolean): void => {
    const isAway = reach.get() === 'away'
    if (isReached === !isAway) return
    reach.update(() => (isReached ? 'back' : 'away'))
    if (!isReached) return ask(firstProbeMs)
    later(backForMs, () => reach.update(() => 'here'))
    onBack()
  }
  return { reach, report }
}

/** `fetch` that reports whether somebody answered. */
export const reportingFetch =
  (report: (isReached: boolean) => void): typeof fetch =>
  async (input, init) => {
    try {
      const response = await fetch(input, init)
      report(!isGateway(response))
      return response
    } catch (error) {
      if (!init?.signal?.aborted) report(false)
      throw error
    }
  }

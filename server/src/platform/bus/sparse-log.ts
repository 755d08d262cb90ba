import type { Clock } from '../clock.ts'
import type { Logger } from '../telemetry/log.ts'

export type Complain = (error: unknown, message: string) => void

const quietMs = 60_000

/** Logs a message at most once a minute: an outage repeats itself many times a second. */
export const complainSparsely = (log: Logger, clock: Pick<Clock, 'now'>): Complain => {
  const last = new Map<string, number>()
  return (error, message) => {
    const now = clock.now().getTime()
    if (now - (last.get(message) ?? Number.NEGATIVE_INFINITY) < quietMs) return
    last.set(message, now)
    log.warn({ err: error }, message)
  }
}

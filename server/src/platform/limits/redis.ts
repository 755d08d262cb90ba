/** Counters that all processes share, on Redis: looked at and drawn from in one step and one round trip. */
import { connectRedis, disconnectRedis, firstAnswer } from '../bus/redis-connection.ts'
import type { Complain } from '../bus/sparse-log.ts'
import { type Counts, type Draw, indexAt, roomOf, type Window, weightAt } from './window.ts'

export interface SharedCounters {
  /** Draws a call from each window, or from none when one has no room. @throws when Redis is away or slow */
  draw(windows: readonly Window[], now: number): Promise<Draw>
  close(): Promise<void>
}

/** A call waits no longer for its count: then this process counts alone. */
const patienceMs = 250
// Fails at once when Redis is away; a connection that fell silent is closed, and opened anew.
const failsFast = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: patienceMs,
  socketTimeout: 2_000,
}

/**
 * KEYS: present and former window, for each bound. ARGV: room, weight of the former, life in ms, for each bound.
 * Gives whether it was let in, then present and former count for each bound.
 */
const script = `
local admitted = 1
local answer = { 1 }
for at = 1, #KEYS, 2 do
  local current = tonumber(redis.call('get', KEYS[at]) or '0')
  local previous = tonumber(redis.call('get', KEYS[at + 1]) or '0')
  local argument = (at - 1) / 2 * 3
  if previous * tonumber(ARGV[argument + 2]) + current > tonumber(ARGV[argument + 1]) then admitted = 0 end
  answer[at + 1] = current
  answer[at + 2] = previous
end
answer[1] = admitted
if admitted == 0 then return answer end
for at = 1, #KEYS, 2 do
  answer[at + 1] = redis.call('incr', KEYS[at])
  redis.call('pexpire', KEYS[at], ARGV[(at - 1) / 2 * 3 + 3])
end
return answer`

/** @param prefix what this installation's keys begin with: others on the same Redis have their own counts */
export const openRedisCounters = async (
  { url, prefix }: { url: string; prefix: string },
  complain: Complain,
): Promise<SharedCounters> => {
  const redis = connectRedis(url, failsFast, complain)
  await firstAnswer(redis)
  return {
    draw: async (windows, now) => {
      if (redis.status !== 'ready') throw new Error('Redis is away')
      const keys = windows.flatMap(({ key, windowMs }) => {
        const index = indexAt(now, windowMs)
        return [`${prefix}:limit:${key}:${index}`, `${prefix}:limit:${key}:${index - 1}`]
      })
      const bounds = windows.flatMap((window) => [
        roomOf(window),
        weightAt(now, window.windowMs),
        // It weighs until the end of the window after it.
        window.windowMs * 2,
      ])
      const [admitted, ...counted] = (await redis.call('EVAL', script, keys.length, ...keys, ...bounds)) as number[]
      return { isAdmitted: admitted === 1, counts: windows.map((_, at) => countsAt(counted, at)) }
    },
    close: () => disconnectRedis(redis),
  }
}

const countsAt = (counted: readonly number[], at: number): Counts => ({
  current: counted[at * 2] ?? 0,
  previous: counted[at * 2 + 1] ?? 0,
})

/** Connections to Redis that outlive its absence: they come back by themselves. */
import { Redis, type RedisOptions } from 'ioredis'
import type { Complain } from './sparse-log.ts'

/** Connects in the background. Never gives up; an error is a log line and nothing else. */
export const connectRedis = (url: string, options: RedisOptions, complain: Complain): Redis => {
  const redis = new Redis(url, {
    connectTimeout: 5_000,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
    ...options,
  })
  redis.on('error', (error) => complain(error, 'Redis cannot be reached'))
  return redis
}

/** Resolves when Redis is there, or is known not to be: at the latest when the connection's time is up. */
export const firstAnswer = (redis: Redis): Promise<void> =>
  new Promise((resolve) => {
    redis.once('ready', resolve)
    redis.once('close', resolve)
  })

/** Says goodbye, so that what was sent before is answered; hangs up when Redis does not answer. */
export const disconnectRedis = async (redis: Redis): Promise<void> => {
  if (redis.status === 'ready') await redis.quit().catch(() => undefined)
  redis.disconnect()
}

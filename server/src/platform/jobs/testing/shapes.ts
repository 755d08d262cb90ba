/** Databases and queues that jobs run on, of those that are at hand; each database is opened once for the whole run. */
import { randomUUID } from 'node:crypto'
import { after } from 'node:test'
import pg from 'pg'
import type { Driver } from '../../db/driver.ts'
import { openEmbedded } from '../../db/embedded/index.ts'
import { migrate } from '../../db/migrate.ts'
import { openPostgres } from '../../db/postgres/index.ts'
import type { Queue } from '../index.ts'
import { openMemoryQueue } from '../memory.ts'
import { openRedisQueue } from '../redis.ts'
import { quietLog } from '../testing.ts'

const { LYCEUM_TEST_DATABASE_URL: server = '', LYCEUM_TEST_REDIS_URL: redis = '' } = process.env

/** A reason to skip, or false. */
const without = (url: string, name: string): string | false => !url && `needs ${name}: see scripts/services.sh`
export const withoutRedis = without(redis, 'LYCEUM_TEST_REDIS_URL')
export const redisUrl = redis

interface TestQueue {
  name: string
  skip: string | false
  open(url?: string): Promise<Queue>
}
export const memoryQueue: TestQueue = { name: 'the queue in memory', skip: false, open: async () => openMemoryQueue() }
export const redisQueue: TestQueue = {
  name: 'the queue on Redis',
  skip: withoutRedis,
  open: (url = redis) => openRedisQueue({ url, prefix: 'lyceum-test', log: quietLog }),
}

const closing: (() => Promise<void>)[] = []
// Registered while the file is loaded, and so at the end of the whole run.
after(async () => {
  for (const close of closing) await close()
})

const once = (open: () => Promise<Driver>): (() => Promise<Driver>) => {
  let opening: Promise<Driver> | undefined
  const prepared = async (): Promise<Driver> => {
    const driver = await open()
    await migrate(driver, 'apply')
    return driver
  }
  return () => {
    opening ??= prepared()
    return opening
  }
}

const embedded = once(async () => {
  const driver = await openEmbedded({ dir: null, log: quietLog, housekeepingEveryMs: 0 })
  closing.push(() => driver.close())
  return driver
})

const onServer = once(async () => {
  const name = `lyceum_jobs_${randomUUID().replaceAll('-', '')}`
  await statement(`create database ${name}`)
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href
  const driver = openPostgres({ url, poolSize: 10, onError: () => undefined })
  closing.push(async () => {
    await driver.close()
    await statement(`drop database ${name} with (force)`)
  })
  return driver
})

const statement = async (text: string): Promise<void> => {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

export interface TestShape {
  name: string
  skip: string | false
  database(): Promise<Driver>
  openQueue(): Promise<Queue>
}
export const testShapes: TestShape[] = [
  { name: memoryQueue.name, skip: false, database: embedded, openQueue: memoryQueue.open },
  {
    name: `${memoryQueue.name}, and PostgreSQL`,
    skip: without(server, 'LYCEUM_TEST_DATABASE_URL'),
    database: onServer,
    openQueue: memoryQueue.open,
  },
  { name: redisQueue.name, skip: redisQueue.skip, database: embedded, openQueue: () => redisQueue.open() },
]

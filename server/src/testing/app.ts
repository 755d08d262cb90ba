/** One app on one database for a whole run of tests, in the shape that the environment names. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import pino from 'pino'
import { type Clock, systemClock } from '#platform/clock.ts'
import { type Config, readConfig } from '#platform/config/index.ts'
import type { Driver } from '#platform/db/driver.ts'
import { openPlatform, type Platform } from '#platform/platform.ts'
import { type App, createApp, type Overrides } from '#src/app.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'

export interface TestApp {
  app: App
  platform: Platform
  config: Config
  /** The database past row-level security: for builders, and for looking at what is really there. */
  admin: Pick<Driver, 'exec'>
  /** Its database below the product: for roles and settings that the product never has. */
  database: Pick<TestDatabase, 'driver' | 'url'>
  /** Where it listens, for streams. */
  url: string
  close(): Promise<void>
}

/** An app of its own, for tests that stop it or give it another tutor. It shares the run's database unless told otherwise. */
export const openTestApp = async (
  overrides: Overrides & {
    database?: Omit<TestDatabase, 'drop'>
    env?: Record<string, string>
    alone?: boolean
    clock?: Clock
  } = {},
): Promise<TestApp> => {
  const dir = await mkdtemp(join(tmpdir(), 'lyceum-test-'))
  const database = overrides.database ?? (await sharedDatabase())
  const config = readConfig({
    DATA_DIR: dir,
    PORT: '0',
    RATE_LIMITS: 'off',
    ...enginesOf(database.url),
    ...overrides.env,
  })
  const { admin } = database
  // Its end must not end the database for others: that is for whoever opened it.
  const driver = { ...database.driver, close: async () => undefined }
  const log = pino({ level: process.env.LYCEUM_TEST_LOG ?? 'silent' })
  const clock = overrides.clock ?? systemClock
  const platform = await openPlatform(config, { log, clock, driver, alone: overrides.alone })
  const app = await createApp(config, platform, overrides)
  const url = await app.http.listen({ host: '127.0.0.1', port: 0 })
  await app.startWork()
  const close = async (): Promise<void> => {
    if (!opened.delete(close)) return
    await app.close()
    await rm(dir, { recursive: true, force: true })
  }
  opened.add(close)
  return {
    app,
    platform,
    config,
    admin,
    database,
    url,
    close,
  }
}

/** What a test that failed has left open is closed at the end of the run. */
const opened = new Set<() => Promise<void>>()

/** The settings that the shape of the run stands for. */
const enginesOf = (url: string | null): Record<string, string> => {
  const redis = process.env.LYCEUM_TEST_REDIS_URL
  return { ...(url && { DATABASE_URL: url }), ...(url && redis && { REDIS_URL: redis }) }
}

let database: Promise<TestDatabase> | undefined
let shared: Promise<TestApp> | undefined
// Registered while the file is loaded, and so at the end of the whole run; inside a test it would be at that test's end.
after(async () => {
  for (const close of opened) await close()
  await (await database)?.drop()
})

/** The database of the run. */
const sharedDatabase = (): Promise<TestDatabase> => {
  database ??= openTestDatabase(`lyceum_test_${randomUUID().replaceAll('-', '')}`)
  return database
}

/** The app that most tests share; each makes people and institutions of its own. */
export const testApp = (): Promise<TestApp> => {
  shared ??= openTestApp()
  return shared
}

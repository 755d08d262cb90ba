/** Opens what every module stands on, by the choices of the settings. The one place that knows which shape this is. */
import { mkdir } from 'node:fs/promises'
import { type Audit, createAudit, openAuditKey } from './audit/index.ts'
import type { Bus } from './bus/index.ts'
import { openMemoryBus } from './bus/memory.ts'
import { complainSparsely } from './bus/sparse-log.ts'
import type { Clock } from './clock.ts'
import type { Config } from './config/index.ts'
import type { Driver } from './db/driver.ts'
import { type Database, openDatabase } from './db/index.ts'
import { readInstallation } from './db/installation.ts'
import { migrate } from './db/migrate.ts'
import { type Cron, createCron } from './jobs/cron.ts'
import { withFallback } from './jobs/fallback.ts'
import { createJobs, type Jobs, type Queue } from './jobs/index.ts'
import { openMemoryQueue } from './jobs/memory.ts'
import { createJournals, type Journals } from './journal/index.ts'
import { type Counters, ownCounters, sharedCounters } from './limits/counters.ts'
import { createLimits, type Limits } from './limits/index.ts'
import { openFolderStorage } from './storage/folder.ts'
import type { Storage } from './storage/index.ts'
import type { Logger } from './telemetry/log.ts'

export interface Platform {
  db: Database
  bus: Bus
  jobs: Jobs
  /** Recurring tasks; looked after from `jobs.start` on. */
  cron: Cron
  journals: Journals
  storage: Storage
  limits: Limits
  audit: Audit
  clock: Clock
  log: Logger
  /** For the health page: whether Redis is set, and reached. */
  redis: 'up' | 'down' | 'off'
  /** Whether this is the only process on its data, so that what a former run left open is free at once. */
  alone: boolean
  close(): Promise<void>
}

interface Surroundings {
  log: Logger
  clock: Clock
  /** A database that is open already. */
  driver?: Driver
  /** Said by tests that open a second app on one embedded database, which otherwise takes itself to be alone. */
  alone?: boolean | undefined
}

export const openPlatform = async (config: Config, around: Surroundings): Promise<Platform> => {
  const { log, clock } = around
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const driver = around.driver ?? (await openDriver(config, log))
  try {
    const applied = await migrate(driver, config.migrate ? 'apply' : 'check')
    if (applied.length > 0) log.info({ applied }, 'database migrated')
    const alone = around.alone ?? config.database.kind === 'embedded'
    const db = openDatabase(driver)
    const prefix = `lyceum:${await readInstallation(db)}`
    const [bus, counters] = await Promise.all([
      openBus(config, { alone, log, prefix }),
      openCounters(config, { clock, log, prefix }),
    ])
    const queue = openQueue(config, { clock, log, prefix })
    const needs = { db, bus, clock, log, alone }
    const journals = createJournals(needs)
    const cron = createCron(needs)
    const jobs = createJobs({ ...needs, queue, cron })
    const auditKey = await openAuditKey({ dataDir: config.dataDir, secret: config.auditKey })
    const audit = createAudit({ ...needs, key: auditKey, dataDir: config.dataDir })
    cron.define({ name: 'audit.link', pattern: '* * * * *', run: audit.sweep })
    return {
      ...needs,
      jobs,
      cron,
      journals,
      storage: await openFolderStorage(config.files.dir),
      limits: createLimits(config.limits, counters, clock),
      audit,
      get redis() {
        return config.wires.kind === 'memory' ? 'off' : bus.reachesAll() ? 'up' : 'down'
      },
      close: async () => {
        await jobs.stop()
        await journals.stop()
        await audit.stop()
        await queue.close()
        await counters.close()
        await bus.close()
        await db.close()
      },
    }
  } catch (error) {
    await driver.close()
    throw error
  }
}

/** The database of the settings alone. Drivers are loaded when they are chosen: neither pays for the other at the start. */
export const openDriver = async ({ database, dataDir }: Config, log: Logger): Promise<Driver> => {
  if (database.kind === 'embedded') {
    const { openEmbedded } = await import('./db/embedded/index.ts')
    return openEmbedded({ dir: database.dir, lockFile: `${dataDir}/lyceum.lock`, log })
  }
  const { openPostgres } = await import('./db/postgres/index.ts')
  return openPostgres({ ...database, onError: (error) => log.error({ err: error }, 'a database session was lost') })
}

/** A database that is gone when it is closed. */
export const openThrowaway = async (log: Logger): Promise<Driver> => {
  const { openEmbedded } = await import('./db/embedded/index.ts')
  return openEmbedded({ dir: null, log })
}

const openBus = async (
  { wires }: Config,
  { alone, log, prefix }: { alone: boolean; log: Logger; prefix: string },
): Promise<Bus> => {
  if (wires.kind === 'memory') return openMemoryBus({ alone })
  const { openRedisBus } = await import('./bus/redis.ts')
  return openRedisBus({ url: wires.url, prefix, log })
}

const openCounters = async (
  { wires, limits }: Config,
  { clock, log, prefix }: { clock: Clock; log: Logger; prefix: string },
): Promise<Counters> => {
  if (!limits)
    log.warn('RATE_LIMITS=off: nobody is limited in anything. For tests and benches alone, never for people.')
  if (!limits || wires.kind === 'memory') return ownCounters()
  const { openRedisCounters } = await import('./limits/redis.ts')
  const complain = complainSparsely(log, clock)
  return sharedCounters(await openRedisCounters({ url: wires.url, prefix }, complain), complain)
}

const openQueue = ({ wires }: Config, { clock, log, prefix }: { clock: Clock; log: Logger; prefix: string }): Queue => {
  if (wires.kind === 'memory') return openMemoryQueue()
  const redis = openQueueLate(async () => {
    const { openRedisQueue } = await import('./jobs/redis.ts')
    return openRedisQueue({ url: wires.url, prefix, log, clock })
  })
  return withFallback(redis, complainSparsely(log, clock))
}

/** The queue is loaded at its first use, after the server listens. */
const openQueueLate = (open: () => Promise<Queue>): Queue => {
  let opening: Promise<Queue> | null = null
  let opened: Queue | null = null
  const openOnce = async (): Promise<Queue> => {
    try {
      opened = await open()
      return opened
    } catch (error) {
      opening = null
      throw error
    }
  }
  const queue = (): Promise<Queue> => {
    opening ??= openOnce()
    return opening
  }
  return {
    wake: async (kind, wake) => (await queue()).wake(kind, wake),
    listen: async (kind, concurrency, work) => (await queue()).listen(kind, concurrency, work),
    pause: () => opened?.pause(),
    close: async () => (await opening?.catch(() => null))?.close(),
  }
}

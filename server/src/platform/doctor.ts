/** What stands in the way of a start, asked of each part on its own, with what to do about it. Changes nothing. */
import { existsSync } from 'node:fs'
import { access, constants, mkdir, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Config } from './config/index.ts'
import { FolderInUse } from './db/embedded/lock.ts'
import { migrate } from './db/migrate.ts'
import { openDriver } from './platform.ts'
import { createLog } from './telemetry/log.ts'
import { builtFolder } from './web/build.ts'

export interface Finding {
  part: string
  state: 'ok' | 'warning' | 'fault'
  words: string
}

/** Below this a shelf of scanned books does not fit. */
const littleDiskBytes = 2 * 2 ** 30
const patienceMs = 5_000

export const examine = async (config: Config): Promise<Finding[]> => [
  examineNode(),
  await examineFolder(config),
  await examineDatabase(config),
  ...(await examineRedis(config)),
  await examinePort(config),
  await examinePage(),
]

const examineNode = (): Finding => ({ part: 'Node', state: 'ok', words: process.versions.node })

const examineFolder = async ({ dataDir }: Config): Promise<Finding> => {
  const part = 'data folder'
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.W_OK)
  } catch (error) {
    return {
      part,
      state: 'fault',
      words: `${dataDir} cannot be written: ${wordsOf(error)}. Name another with DATA_DIR.`,
    }
  }
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const words = `${dataDir}, ${(free / 2 ** 30).toFixed(1)} GiB free`
  return free < littleDiskBytes
    ? { part, state: 'warning', words: `${words}: little room for documents` }
    : { part, state: 'ok', words }
}

const examineDatabase = async (config: Config): Promise<Finding> => {
  const part = 'database'
  if (config.database.kind === 'embedded' && !existsSync(config.database.dir))
    return { part, state: 'ok', words: 'embedded, made at the first start' }
  try {
    const driver = await openDriver(config, createLog('silent'))
    try {
      await driver.ping()
      return { part, ...(await examineSchema(driver)) }
    } finally {
      await driver.close()
    }
  } catch (error) {
    if (error instanceof FolderInUse)
      return { part, state: 'ok', words: `in use by process ${error.pid}, which is this server if it is running` }
    return { part, state: 'fault', words: wordsOf(error) }
  }
}

const examineSchema = (driver: Awaited<ReturnType<typeof openDriver>>): Promise<Omit<Finding, 'part'>> =>
  migrate(driver, 'check').then(
    () => ({ state: 'ok' as const, words: 'reached, its schema is this version’s' }),
    (error) => ({ state: 'warning' as const, words: `reached. ${wordsOf(error)}` }),
  )

const examineRedis = async ({ wires }: Config): Promise<Finding[]> => {
  const part = 'Redis'
  if (wires.kind === 'memory') return []
  const { Redis } = await import('ioredis')
  const redis = new Redis(wires.url, { lazyConnect: true, connectTimeout: patienceMs, retryStrategy: () => null })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    await redis.ping()
    return [{ part, state: 'ok', words: 'reached' }]
  } catch (error) {
    const words = `REDIS_URL cannot be reached (${wordsOf(error)}). Processes would work on their own until it is.`
    return [{ part, state: 'warning', words }]
  } finally {
    redis.disconnect()
  }
}

const examinePort = async ({ http: { host, port } }: Config): Promise<Finding> => {
  const part = 'address'
  const error = await tryPort(host, port)
  if (!error) return { part, state: 'ok', words: `${host}:${port} is free` }
  if (await isLyceum(host, port)) return { part, state: 'ok', words: `a Lyceum is running at ${host}:${port}` }
  return {
    part,
    state: 'fault',
    words: `${host}:${port} cannot be listened on: ${wordsOf(error)}. Set PORT or HOST to another one, or stop what listens there.`,
  }
}

const tryPort = (host: string, port: number): Promise<Error | null> => {
  const { promise, resolve } = Promise.withResolvers<Error | null>()
  const probe = createServer()
  probe.once('error', resolve)
  probe.listen({ host, port }, () => probe.close(() => resolve(null)))
  return promise
}

const isLyceum = async (host: string, port: number): Promise<boolean> => {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  try {
    const reply = await fetch(`http://${name}:${port}/health`, { signal: AbortSignal.timeout(patienceMs) })
    return Object(await reply.json()).service === 'lyceum'
  } catch {
    return false
  }
}

const examinePage = async (): Promise<Finding> => {
  const isBuilt = await access(join(builtFolder, 'index.html')).then(
    () => true,
    () => false,
  )
  return {
    part: 'page',
    state: 'ok',
    words: isBuilt ? 'built' : 'is built at the first start, which takes some seconds',
  }
}

const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.message || (error.cause ? wordsOf(error.cause) : error.name)
}

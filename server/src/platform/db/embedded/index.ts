/** The embedded database: PostgreSQL compiled to WebAssembly (PGlite) in a thread of its own, with the guards it needs. */
import { resolve } from 'node:path'
import type { Driver, Rows } from '../driver.ts'
import type { Connection } from './connection.ts'
import { flight, simpleQuery } from './encode.ts'
import { startHousekeeper } from './housekeeper.ts'
import { Line } from './line.ts'
import { takeLock } from './lock.ts'
import { type EmbeddedOptions, type Limits, withDefaults } from './options.ts'
import { Supervisor } from './supervisor.ts'
import { OpenTransaction, runBatch } from './transaction.ts'

export type { EmbeddedLog, EmbeddedOptions, StartTimer } from './options.ts'

/** What has happened since the database was opened. */
export interface EmbeddedCounters {
  /** Syncs to the disk since the thread started; at least one for each commit that wrote. */
  syncs: number
  /** How often the thread was ended and the database opened again. */
  restarts: number
  /** Who waits for the session right now. */
  waiting: number
}

export interface Embedded extends Driver {
  counters(): EmbeddedCounters
  /** VACUUM, ANALYZE and CHECKPOINT where they are due, now; answers the statements that ran. */
  housekeep(): Promise<string[]>
}

interface Parts {
  line: Line
  supervisor: Supervisor
  limits: Limits
}

interface Entered {
  connection: Connection
  release(): void
}

/** Waits for the session and for the thread behind it. */
const enter = async ({ line, supervisor }: Parts, patienceMs: number): Promise<Entered> => {
  supervisor.assertOpen()
  const release = await line.acquire(patienceMs)
  try {
    return { release, connection: await supervisor.connection() }
  } catch (error) {
    release()
    throw error
  }
}

const transaction =
  (parts: Parts): Driver['transaction'] =>
  async (prelude, run) => {
    const { limits } = parts
    const open = new OpenTransaction({ ...(await enter(parts, limits.queueDeadlineMs)), prelude, limits })
    try {
      const answer = await Promise.race([run(open), open.overstayed])
      await open.commit()
      return answer
    } catch (error) {
      await open.rollback()
      throw error
    }
  }

const batch =
  (parts: Parts): Driver['batch'] =>
  async (prelude, statements) => {
    const { limits } = parts
    return runBatch({ ...(await enter(parts, limits.queueDeadlineMs)), prelude, limits }, statements)
  }

const exec =
  (parts: Parts) =>
  async (text: string): Promise<Rows[]> => {
    const { maintenanceDeadlineMs } = parts.limits
    const { connection, release } = await enter(parts, maintenanceDeadlineMs)
    try {
      const { answers } = await connection.send(flight([simpleQuery(text)]), maintenanceDeadlineMs)
      // A text that begins and does not commit must not leave its transaction to the next in line.
      if (answers.at(-1)?.status !== 'I')
        await connection.send(flight([simpleQuery('rollback')]), maintenanceDeadlineMs)
      const error = answers.find((answer) => answer.error)?.error
      if (error) throw error
      return answers.flatMap((answer) => answer.results)
    } finally {
      release()
    }
  }

/** Lets the open transaction finish, but not for longer than anybody would wait for it. */
const shutDown = async ({ line, supervisor, limits }: Parts): Promise<void> => {
  supervisor.refuse()
  const release = await line.acquire(limits.queueDeadlineMs).catch(() => () => {})
  await supervisor.close()
  release()
}

/** Takes the folder's lock; the database in memory needs none. */
const lockFolder = async ({ dir, lockFile, lockPatienceMs }: EmbeddedOptions): Promise<() => void> =>
  dir === null ? () => {} : takeLock(resolve(dir), resolve(lockFile ?? `${dir}.lock`), lockPatienceMs)

/** Opens the embedded database. */
export const openEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const limits = withDefaults(options)
  const unlock = await lockFolder(options)
  const dir = options.dir === null ? null : resolve(options.dir)
  const supervisor = new Supervisor({ dir }, limits)
  const parts: Parts = { line: new Line(limits.startTimer), supervisor, limits }
  await supervisor.connection().catch((error) => {
    unlock()
    throw error
  })
  const execute = exec(parts)
  const housekeeper = startHousekeeper({
    exec: execute,
    isQuiet: () => parts.line.quiet,
    everyMs: limits.housekeepingEveryMs,
    startTimer: limits.startTimer,
    log: limits.log,
  })
  return {
    counters: () => ({ syncs: supervisor.syncs, restarts: supervisor.restarts, waiting: parts.line.waiting }),
    housekeep: () => housekeeper.housekeep(),
    transaction: transaction(parts),
    batch: batch(parts),
    exec: execute,
    ping: async () => void (await batch(parts)('', [{ text: 'select 1', params: [] }])),
    load: () => ({ inUse: parts.line.quiet ? 0 : 1, waiting: parts.line.waiting }),
    close: async () => {
      housekeeper.stop()
      await shutDown(parts)
      unlock()
    },
  }
}

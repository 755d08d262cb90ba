/** PostgreSQL 15 and later through `pg`, safe behind a pooler in transaction mode: nothing outlives its transaction. */
import pg from 'pg'
import { AppError } from '../../errors.ts'
import type { Driver, Rows, Session, Statement } from '../driver.ts'

export interface PostgresOptions {
  url: string
  /** Sessions at a time; who finds none free waits at most 5 s. */
  poolSize: number
  queueDeadlineMs?: number
  statementDeadlineMs?: number
  onError: (error: Error) => void
}

/** Types left as PostgreSQL prints them, so that both drivers give the same values: dates, times, 64-bit and exact numbers. */
const asPrinted = new Set([20, 1082, 1083, 1114, 1184, 1186, 1266, 1700])
const identity = (value: string): string => value
const types = {
  getTypeParser: ((oid: number, format?: 'text') =>
    asPrinted.has(oid) ? identity : pg.types.getTypeParser(oid, format ?? 'text')) as typeof pg.types.getTypeParser,
}

export const openPostgres = (options: PostgresOptions): Driver => {
  const { url, poolSize, onError, queueDeadlineMs = 5_000, statementDeadlineMs = 30_000 } = options
  // With `pipeline` a statement is sent without waiting for the one before: BEGIN and the settings cost no flight.
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    pipeline: true,
    connectionTimeoutMillis: queueDeadlineMs,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
  })
  pool.on('error', onError)

  const take = async (): Promise<pg.PoolClient> => {
    try {
      return await pool.connect()
    } catch (cause) {
      throw new AppError('database_busy', 'The database is busy. Try again in a few seconds.', {
        cause,
        retryAfterSeconds: 2,
      })
    }
  }
  const begin = (prelude: string): string => `begin; set local statement_timeout = ${statementDeadlineMs}; ${prelude}`
  return {
    transaction: async (prelude, run) => {
      const client = await take()
      const opening = client.query(begin(prelude))
      return finish(client, opening, () => run(sessionOf(client)))
    },
    batch: async (prelude, statements) => runBatch(await take(), begin(prelude), statements),
    exec: async (text) => {
      const client = await take()
      try {
        const answer = (await client.query({ text, rowMode: 'array', types })) as unknown
        return (Array.isArray(answer) ? answer : [answer]).map(asRows)
      } finally {
        client.release()
      }
    },
    ping: async () => {
      await pool.query('select 1')
    },
    load: () => ({ inUse: pool.totalCount - pool.idleCount, waiting: pool.waitingCount }),
    close: () => pool.end(),
  }
}

const sessionOf = (client: pg.PoolClient): Session => ({
  query: async (text, params) => {
    try {
      return asRows(await client.query({ text, values: [...params], rowMode: 'array', types }))
    } catch (error) {
      throw translated(error)
    }
  },
})

/** Sends all at once; what follows a failure fails too, and the commit is a rollback. */
const runBatch = async (client: pg.PoolClient, begin: string, statements: readonly Statement[]): Promise<Rows[]> => {
  const session = sessionOf(client)
  const opening = client.query(begin)
  const running = statements.map(({ text, params }) => session.query(text, params))
  const closing = client.query('commit')
  const [opened, ...answers] = await Promise.allSettled([opening, ...running])
  const [closed] = await Promise.allSettled([closing])
  // Without an answer to its commit a session is in doubt: it is closed.
  client.release(closed.status === 'rejected' ? closed.reason : undefined)
  const failed = [opened, ...answers, closed].find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') throw translated(failed.reason)
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value as Rows] : []))
}

const asRows = (answer: pg.QueryArrayResult): Rows => ({
  fields: answer.fields?.map((field) => field.name) ?? [],
  rows: answer.rows ?? [],
  count: answer.rowCount ?? 0,
})

/** Commits or rolls back, and gives the client back to the pool; a client in doubt is closed instead. */
const finish = async <T>(client: pg.PoolClient, opening: Promise<unknown>, run: () => Promise<T>): Promise<T> => {
  // The opening's own fault shows in the first statement too; this keeps it from being unhandled meanwhile.
  opening.catch(() => undefined)
  try {
    const result = await run()
    await opening
    const { command } = await client.query('commit')
    // A statement that failed and was caught turns COMMIT into ROLLBACK without an error.
    if (command !== 'COMMIT') throw new Error('The transaction had failed before its commit')
    client.release()
    return result
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      (fault) => client.release(fault),
    )
    throw translated(error)
  }
}

const queryCanceled = '57014'
const translated = (error: unknown): unknown =>
  error instanceof pg.DatabaseError && error.code === queryCanceled
    ? new AppError('database_timeout', 'The database took too long. Try again.', { cause: error, retryAfterSeconds: 5 })
    : error

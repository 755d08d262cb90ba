/**
 * The database as the product sees it: one way in for people's data (`as`), which binds row-level
 * security to who asks, and one narrow door (`door`) for what must be found before anyone is known.
 */
import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { drizzle, type PgRemoteDatabase } from 'drizzle-orm/pg-proxy'
import type { Driver, Load, Rows, Session, Statement } from './driver.ts'

export type { Statement } from './driver.ts'

/** A Drizzle handle bound to one open transaction. */
export type Db = PgRemoteDatabase<Record<string, never>>

/** Whose rows a transaction may touch. Row-level security reads it from the transaction's settings. */
export interface Scope {
  institutionId: string
  /** The person whose personal rows are in reach; null for work on what the institution shares. */
  personId: string | null
}

/** Runs its argument once the transaction has committed, never when it rolled back. */
export type AfterCommit = (act: () => void) => void

export interface Database {
  /** Enters as `scope`: one transaction as the role that row-level security binds. Its settings travel with the first statement. */
  as<T>(scope: Scope, run: (db: Db, after: AfterCommit) => Promise<T>): Promise<T>
  /**
   * The one door past the scope: a role that may look up accounts and sessions before anyone is known,
   * find unfinished work, and append to journals. What it may touch is granted column by column in the migrations.
   */
  door<T>(run: (db: Db, after: AfterCommit) => Promise<T>): Promise<T>
  /**
   * For the paths that every question takes: statements as plain text that do not wait for each other's answers, in one
   * transaction and one flight, entered as by `as` or `door`. All count or none.
   * @returns the rows of each statement under the names that it gives
   */
  batch(entry: Scope | 'door', statements: readonly Statement[]): Promise<Record<string, unknown>[][]>
  ping(): Promise<void>
  load(): Load
  close(): Promise<void>
}

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const uuidLiteral = (id: string): string => {
  if (!uuidShape.test(id)) throw new Error('A scope needs ids in canonical form')
  return `'${id}'`
}

/** The settings that the policies read; local to the transaction, so that poolers in transaction mode are safe. */
export const scopePrelude = ({ institutionId, personId }: Scope): string =>
  `set local role lyceum_app; set local app.institution = ${uuidLiteral(institutionId)}; set local app.person = ${
    personId ? uuidLiteral(personId) : `''`
  }`

const doorPrelude = 'set local role lyceum_door'

export const openDatabase = (driver: Driver): Database => {
  // One for all transactions, as it keeps the names of the columns that it has seen.
  const dialect = new PgDialect({ casing: 'snake_case' })
  const enter = async <T>(prelude: string, run: (db: Db, after: AfterCommit) => Promise<T>): Promise<T> => {
    const acts: (() => void)[] = []
    const result = await driver.transaction(prelude, (session) => run(bind(session, dialect), (act) => acts.push(act)))
    for (const act of acts) act()
    return result
  }
  return {
    as: (scope, run) => enter(scopePrelude(scope), run),
    door: (run) => enter(doorPrelude, run),
    batch: async (entry, statements) => {
      const answers = await driver.batch(entry === 'door' ? doorPrelude : scopePrelude(entry), statements)
      return answers.map(asObjects)
    },
    ping: () => driver.ping(),
    load: () => driver.load(),
    close: () => driver.close(),
  }
}

const bind = (session: Session, dialect: PgDialect): Db =>
  drizzle(
    async (text, params, method) => {
      const answer = await session.query(text, params)
      return { rows: method === 'execute' ? asObjects(answer) : answer.rows }
    },
    {},
    () => dialect,
  )

const asObjects = ({ fields, rows }: Rows): Record<string, unknown>[] =>
  rows.map((row) => Object.fromEntries(fields.map((name, at) => [name, row[at]])))

/** Raw SQL for what the query builder cannot say; rows as objects under the names that the statement gives. */
export const rows = async <T>(db: Db, statement: SQL): Promise<T[]> => (await db.execute(statement)) as unknown as T[]

/** Whether a database error is the given SQLSTATE, under Drizzle's wrapping too. */
export const isSqlState = (error: unknown, state: string, constraint?: string): boolean => {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(inner instanceof Error) || !('code' in inner) || inner.code !== state) return false
  return constraint === undefined || ('constraint' in inner && inner.constraint === constraint)
}
export const uniqueViolation = '23505'
export const foreignKeyViolation = '23503'
export const notNullViolation = '23502'
export const divisionByZero = '22012'

/** The one row that a statement must give. */
export const one = <T>(found: T[]): T => {
  const [row] = found
  if (row === undefined) throw new Error('A statement that must give a row gave none')
  return row
}

/** Brings the schema up to date: each migration in one transaction with its own record, under a lock, once. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '../errors.ts'
import type { Driver } from './driver.ts'
import { isSqlState, uniqueViolation } from './index.ts'

const folder = join(import.meta.dirname, '../../../migrations')
/** Any fixed number; every process of this product takes the same one. */
const lockKey = 7_238_114

export class SchemaError extends OperatorError {}

/**
 * @param mode `check` changes nothing and stops when something is missing
 * @param wanted those to bring it to, all that are known unless told: what a backup was written under
 * @returns names of the migrations that were applied
 * @throws SchemaError when the schema is newer than this program, or older under `check`
 */
export const migrate = async (
  driver: Driver,
  mode: 'apply' | 'check',
  wanted?: readonly string[],
): Promise<string[]> => {
  await checkServer(driver)
  const known = await listMigrations()
  const applied = await listApplied(driver, mode)
  const foreign = [...applied].filter((name) => !known.includes(name))
  if (foreign.length > 0) {
    throw new SchemaError(
      `The database was written by a newer Lyceum (${foreign.join(', ')}). Start that version, or restore a backup.`,
    )
  }
  const missing = known.filter((name) => !applied.has(name) && (wanted?.includes(name) ?? true))
  if (missing.length > 0 && mode === 'check') {
    throw new SchemaError(`The database lacks ${missing.join(', ')}. Start once with MIGRATE=on.`)
  }
  for (const name of missing) await applyMigration(driver, name)
  return missing
}

/** PostgreSQL 15: the oldest that the suite runs on. */
const oldestServer = 150_000

const checkServer = async (driver: Driver): Promise<void> => {
  const [found] = await driver.exec(
    `select current_setting('server_version_num')::int, current_setting('server_version')`,
  )
  const [number, name] = found?.rows[0] ?? []
  if (Number(number) < oldestServer)
    throw new SchemaError(`Lyceum needs PostgreSQL 15 or later; DATABASE_URL leads to ${name}.`)
}

/** Names of those that this program knows, in their order. */
export const listMigrations = async (): Promise<string[]> => {
  const journal: { entries: { tag: string }[] } = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8'))
  return journal.entries.map(({ tag }) => tag)
}

const listApplied = async (driver: Driver, mode: 'apply' | 'check'): Promise<Set<string>> => {
  const [exists] = await driver.exec(`select to_regclass('schema_migrations') is not null`)
  if (!exists?.rows[0]?.[0] && mode === 'check') return new Set()
  if (!exists?.rows[0]?.[0]) await createRecord(driver)
  const [found] = await driver.exec('select name from schema_migrations')
  return new Set(found?.rows.map(([name]) => String(name)))
}

const createRecord = (driver: Driver) =>
  driver.exec(`select pg_advisory_xact_lock(${lockKey});
    create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null default now())`)

/** Several statements sent as one text are one transaction: a fault in any of them undoes all. */
const applyMigration = async (driver: Driver, name: string): Promise<void> => {
  const statements = await readFile(join(folder, `${name}.sql`), 'utf8')
  const record = `insert into schema_migrations (name) values ('${name}')`
  try {
    await driver.exec(`select pg_advisory_xact_lock(${lockKey}); ${record}; ${statements}`)
  } catch (error) {
    // Another process that starts at the same time was first.
    if (isSqlState(error, uniqueViolation, 'schema_migrations_pkey')) return
    throw hintFor(error) ?? error
  }
}

/** The two faults that whoever runs the database can mend. */
const hintFor = (error: unknown): SchemaError | null => {
  const text = error instanceof Error ? error.message : ''
  if (/extension "vector"/.test(text)) {
    return new SchemaError(
      `The database lacks pgvector. Install it on the server, then run: create extension vector. (${text})`,
      { cause: error },
    )
  }
  if (/permission denied to (create role|grant role)|must have admin option/.test(text)) {
    return new SchemaError(
      `The database user may not make roles. As a superuser run: create role lyceum_app nologin; create role lyceum_door nologin; create role lyceum_backup nologin; grant lyceum_app, lyceum_door, lyceum_backup to the user of DATABASE_URL. (${text})`,
      { cause: error },
    )
  }
  return null
}

/** A database for tests: in memory, or one made and dropped on the PostgreSQL that the environment names. */
import pg from 'pg'
import type { Driver } from '#platform/db/driver.ts'

export interface TestDatabase {
  driver: Driver
  /** The same database past row-level security: for builders, and for looking at what is really there. */
  admin: Pick<Driver, 'exec'>
  /** Its address, when it is on a server. */
  url: string | null
  drop(): Promise<void>
}

/** Which shape the run is for: `LYCEUM_TEST_SHAPE=server` with `LYCEUM_TEST_DATABASE_URL`, else embedded. */
export const openTestDatabase = async (name: string): Promise<TestDatabase> => {
  if (process.env.LYCEUM_TEST_SHAPE !== 'server') return openInMemory()
  const { LYCEUM_TEST_DATABASE_URL: owner, LYCEUM_TEST_SUPERUSER_URL: superuser } = process.env
  if (!owner || !superuser) throw new Error('LYCEUM_TEST_SHAPE=server needs the services: see scripts/services.sh')
  return openOnServer({ owner, superuser }, name)
}

const openInMemory = async (): Promise<TestDatabase> => {
  const { openEmbedded } = await import('#platform/db/embedded/index.ts')
  const quiet = (...a: unknown[]) => {
    if (process.env.LYCEUM_TEST_LOG) console.error(...a)
  }
  const driver = await openEmbedded({ dir: null, log: { info: quiet, warn: quiet, error: quiet } })
  return { driver, admin: driver, url: null, drop: () => driver.close() }
}

const openOnServer = async (base: { owner: string; superuser: string }, name: string): Promise<TestDatabase> => {
  const { openPostgres } = await import('#platform/db/postgres/index.ts')
  await statement(base.owner, `create database ${name}`)
  const at = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href
  const url = at(base.owner)
  const quiet = () => undefined
  const driver = openPostgres({ url, poolSize: 10, onError: quiet })
  const admin = openPostgres({ url: at(base.superuser), poolSize: 2, onError: quiet })
  return {
    driver,
    admin,
    url,
    drop: async () => {
      await driver.close()
      await admin.close()
      // As the owner it is refused while an autovacuum worker looks at the database.
      await statement(base.superuser, `drop database ${name} with (force)`)
    },
  }
}

const statement = async (url: string, text: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

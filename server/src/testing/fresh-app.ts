import { randomUUID } from 'node:crypto'
import type { Clock } from '#platform/clock.ts'
import { openTestApp, type TestApp } from './app.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'

export interface FreshApp extends TestApp {
  /** For a further app on the same database. */
  database: TestDatabase
}

/** An app on an empty database of its own, as at the first start. Closing it drops the database. */
export const openFreshApp = async (
  env: Record<string, string> = {},
  { clock }: { clock?: Clock } = {},
): Promise<FreshApp> => {
  const database = await openTestDatabase(`lyceum_test_${randomUUID().replaceAll('-', '')}`)
  const test = await openTestApp({ database, env, ...(clock && { clock }) })
  return {
    ...test,
    database,
    close: async () => {
      await test.close()
      await database.drop()
    },
  }
}

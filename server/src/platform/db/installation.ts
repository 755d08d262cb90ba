/** The name of this installation among others that share an engine with it, such as one Redis. */
import { type Database, one } from './index.ts'
import { installation } from './tables.ts'

export const readInstallation = (db: Database): Promise<string> =>
  db.door(async (db) => one(await db.select({ id: installation.id }).from(installation)).id)

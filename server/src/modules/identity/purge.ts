import type { Database } from '#platform/db/index.ts'
import { purgeCodes } from './codes.ts'
import { purgeFailures } from './guard.ts'

/** Takes away what proves nothing any more. Run each hour. */
export const purgeIdentity = async (db: Database, now: Date): Promise<void> => {
  await purgeCodes(db, now)
  await purgeFailures(db, now)
}

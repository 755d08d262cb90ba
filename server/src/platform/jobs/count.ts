import { sql } from 'drizzle-orm'
import type { Database } from '../db/index.ts'
import { jobs } from './tables.ts'

/** How many jobs of all institutions stand in each state. */
export const countJobs = (db: Database): Promise<{ state: string; count: number }[]> =>
  db.door((db) => db.select({ state: jobs.state, count: sql<number>`count(*)::int` }).from(jobs).groupBy(jobs.state))

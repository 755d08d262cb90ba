/** Long work: the row is the truth, the queue only wakes a worker. */
import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment, rowVersion } from '../db/columns.ts'

export const jobs = pgTable(
  'jobs',
  {
    id: id(),
    institutionId: uuid().notNull(),
    /** On whose behalf it works, and who may read it. */
    personId: uuid().notNull(),
    kind: text().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    state: text({ enum: ['queued', 'running', 'done', 'failed', 'cancelled'] })
      .notNull()
      .default('queued'),
    percent: integer().notNull().default(0),
    step: text(),
    progress: jsonb().$type<{ done: number; total: number; unit: 'page' }>(),
    result: jsonb().$type<Record<string, unknown>>(),
    failure: jsonb().$type<{ code: string; message: string }>(),
    /** Those that failed, and the one under way. */
    attempts: integer().notNull().default(0),
    /** How often the process died during an attempt, which then did not count. */
    interruptions: integer().notNull().default(0),
    /** The worker that holds it, and until when; taken over when the time has passed. */
    leaseHolder: text(),
    leaseUntil: moment(),
    /** Not before: when it was made, or after a failed attempt later. */
    dueAt: createdAt(),
    requestId: text().notNull(),
    version: rowVersion(),
    createdAt: createdAt(),
    endedAt: moment(),
  },
  (t) => [index().on(t.institutionId), index().on(t.personId), index('jobs_open').on(t.state, t.dueAt)],
)
export type JobRow = typeof jobs.$inferSelect

/** When each recurring task is due next; one row for all processes, so that one of them does it. */
export const schedules = pgTable('schedules', {
  name: text().primaryKey(),
  nextDueAt: moment().notNull(),
  lastRunAt: moment(),
})

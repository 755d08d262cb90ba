/** Recurring tasks by cron pattern, in UTC. The row says when one is due; whichever process moves it on does the task. */

import { CronExpressionParser } from 'cron-parser'
import { and, eq, lte } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/index.ts'
import type { Logger } from '../telemetry/log.ts'
import { schedules } from './tables.ts'

export interface CronTask {
  name: string
  /** Five fields, as in crontab(5): `30 3 * * *` is half past three each night. */
  pattern: string
  /** Does the task; twice does no harm. A fault is logged, and the task comes round again. */
  run(now: Date): Promise<void>
}

export interface Cron {
  define(task: CronTask): void
  /** Runs what is due. A task that was missed while no process ran is done once, not once for each time. */
  tick(): Promise<void>
}

interface CronNeeds {
  db: Database
  clock: Clock
  log: Logger
}

export const createCron = ({ db, clock, log }: CronNeeds): Cron => {
  const tasks = new Map<string, CronTask>()
  return {
    define: (task) => {
      // A pattern that cannot be read is a fault of the program: it shows when the program starts.
      nextAfter(task.pattern, clock.now())
      tasks.set(task.name, task)
    },
    tick: async () => {
      for (const task of tasks.values()) {
        const now = clock.now()
        if (!(await takeTurn(db, task, now))) continue
        await task.run(now).catch((error) => log.error({ err: error, task: task.name }, 'a recurring task failed'))
      }
    },
  }
}

const nextAfter = (pattern: string, now: Date): Date =>
  CronExpressionParser.parse(pattern, { currentDate: now, tz: 'UTC' }).next().toDate()

/** Whether this process is to do it now; the first time only its next time is written down. */
const takeTurn = (db: Database, { name, pattern }: CronTask, now: Date): Promise<boolean> =>
  db.door(async (db) => {
    const nextDueAt = nextAfter(pattern, now)
    await db.insert(schedules).values({ name, nextDueAt }).onConflictDoNothing()
    const taken = await db
      .update(schedules)
      .set({ nextDueAt, lastRunAt: now })
      .where(and(eq(schedules.name, name), lte(schedules.nextDueAt, now)))
      .returning({ name: schedules.name })
    return taken.length > 0
  })

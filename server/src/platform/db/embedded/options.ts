/** What the embedded database is opened with, and the limits that hold when nothing else is said. */

/** Calls `run` once after `ms`; the answer cancels it. Injected so that tests decide when time passes. */
export type StartTimer = (ms: number, run: () => void) => () => void

/** The part of a pino logger that is used here. */
export interface EmbeddedLog {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface EmbeddedOptions {
  /** The data folder, not itself a mount point: it is made by renaming. `null` keeps everything in memory (tests). */
  dir: string | null
  /** Where the process lock is kept; `${dir}.lock` unless told. Must stand outside the data folder. */
  lockFile?: string
  /** How long to wait for another process to let go of the folder; a killed one stays a zombie for some two seconds. */
  lockPatienceMs?: number
  /** A statement that runs longer ends the worker: nothing else stops a query in PGlite (`statement_timeout` is not enforced). */
  statementDeadlineMs?: number
  /** A transaction that waits longer for the one session answers `database_busy`. */
  queueDeadlineMs?: number
  /** An open transaction may stay without a statement this long before it is rolled back: everybody else waits for it. */
  idleDeadlineMs?: number
  /** `exec` and the housekeeper may take this long: migrations and VACUUM are worth waiting for. */
  maintenanceDeadlineMs?: number
  /** How often the housekeeper looks for work; 0 turns its timer off (`housekeep()` still works). */
  housekeepingEveryMs?: number
  log: EmbeddedLog
  startTimer?: StartTimer
}

export type Limits = Required<Omit<EmbeddedOptions, 'dir' | 'lockFile' | 'lockPatienceMs'>>

const startUnrefTimer: StartTimer = (ms, run) => {
  const timer = setTimeout(run, ms)
  timer.unref()
  return () => clearTimeout(timer)
}

/** Fills in the limits that the caller left open. */
export const withDefaults = (options: EmbeddedOptions): Limits => ({
  statementDeadlineMs: options.statementDeadlineMs ?? 30_000,
  queueDeadlineMs: options.queueDeadlineMs ?? 5_000,
  idleDeadlineMs: options.idleDeadlineMs ?? 10_000,
  maintenanceDeadlineMs: options.maintenanceDeadlineMs ?? 600_000,
  housekeepingEveryMs: options.housekeepingEveryMs ?? 30_000,
  log: options.log,
  startTimer: options.startTimer ?? startUnrefTimer,
})

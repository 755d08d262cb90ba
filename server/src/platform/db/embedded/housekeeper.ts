/**
 * Does what PostgreSQL's background processes do, which PGlite does not have: no autovacuum, no autoanalyze,
 * no checkpoint. 800,000 updates left 800,000 dead rows, a planner without row counts and 717 MB of log.
 */
import type { Rows } from '../driver.ts'
import type { EmbeddedLog, StartTimer } from './options.ts'

export interface HousekeeperNeeds {
  exec(text: string): Promise<Rows[]>
  /** True when nobody uses the session or waits for it. */
  isQuiet(): boolean
  everyMs: number
  startTimer: StartTimer
  log: EmbeddedLog
}

export interface Housekeeper {
  /** One pass now; answers the statements it ran. Stops early when `mayGoOn` says so between two of them. */
  housekeep(mayGoOn?: () => boolean): Promise<string[]>
  stop(): void
}

/**
 * When a table is due: autovacuum's own defaults
 * (https://www.postgresql.org/docs/18/runtime-config-vacuum.html#GUC-AUTOVACUUM-VACUUM-THRESHOLD).
 */
const dueTables = `
  select format('%I.%I', schemaname, relname) as name,
    n_dead_tup > 50 + 0.2 * n_live_tup or n_ins_since_vacuum > 1000 + 0.2 * n_live_tup as vacuum,
    n_mod_since_analyze > 50 + 0.1 * n_live_tup as analyze
  from pg_stat_user_tables
  where n_dead_tup > 50 + 0.2 * n_live_tup or n_ins_since_vacuum > 1000 + 0.2 * n_live_tup
    or n_mod_since_analyze > 50 + 0.1 * n_live_tup
  order by n_dead_tup + n_mod_since_analyze desc`

/**
 * A checkpoint is due after one log segment (16 MB), or after the five minutes of checkpoint_timeout when
 * anything was written; a checkpoint's own records are some 200 bytes.
 */
const dueCheckpoint = `
  select written > 16 * 1024 * 1024 or (written > 1024 and age > interval '5 minutes') as due
  from (select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn) as written, now() - checkpoint_time as age
    from pg_control_checkpoint()) as log`

/** A server that is never quiet still gets a pass after this many turns: each piece then waits in line like any statement. */
const maxSkips = 10

const tablePieces = (rows: readonly unknown[][]): string[] =>
  rows.flatMap(([name, vacuum, analyze]) => [
    ...(vacuum ? [`vacuum ${name}`] : []),
    ...(vacuum || analyze ? [`analyze ${name}`] : []),
  ])

const duePieces = async (exec: HousekeeperNeeds['exec']): Promise<string[]> => {
  // Counts are flushed between statements and once a second at most: ask for them first, and by itself.
  await exec('select pg_stat_force_next_flush()')
  const [tables, checkpoint] = await exec(`${dueTables}; ${dueCheckpoint}`)
  return [...tablePieces(tables?.rows ?? []), ...(checkpoint?.rows[0]?.[0] ? ['checkpoint'] : [])]
}

/** Starts the housekeeper's timer; each piece is a statement of its own, so that others get in between. */
export const startHousekeeper = (needs: HousekeeperNeeds): Housekeeper => {
  let skips = 0
  let isStopped = needs.everyMs === 0
  let stopTimer = (): void => {}

  const housekeep = async (mayGoOn = () => true): Promise<string[]> => {
    const done: string[] = []
    for (const piece of await duePieces(needs.exec)) {
      if (!mayGoOn()) break
      await needs.exec(piece)
      done.push(piece)
    }
    return done
  }

  const turn = async (): Promise<void> => {
    const isOverdue = skips >= maxSkips
    if (!needs.isQuiet() && !isOverdue) {
      skips += 1
      return
    }
    skips = 0
    const done = await housekeep(() => isOverdue || needs.isQuiet())
    if (done.length > 0) needs.log.info({ done }, 'the database was tidied')
  }

  const schedule = (): void => {
    if (isStopped) return
    stopTimer = needs.startTimer(needs.everyMs, () => {
      turn()
        .catch((err: unknown) => needs.log.warn({ err }, 'the database could not be tidied'))
        .finally(schedule)
    })
  }
  schedule()
  return {
    housekeep,
    stop: () => {
      isStopped = true
      stopTimer()
    },
  }
}

/**
 * One process per data folder. PGlite has no lock of its own: two processes open the same folder without
 * a word and the commits of one vanish. There is no heartbeat, because a blocked process would look dead.
 * The process must see the other's pid: containers that share a volume are not told apart.
 */
import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { OperatorError } from '../../errors.ts'
import { isRunning } from '../../is-running.ts'

interface Holder {
  pid: number
  /** Clock ticks between the machine's start and the process's; null where /proc does not tell. Pids are used again. */
  startTicks: number | null
  /** When the lock was taken. */
  since: string
}

/** How long a killed process may take to go away: it stays a zombie for some two seconds (seen under load). */
const dyingHolderMs = 5_000
const pollMs = 100

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** State and start of a process from /proc/<pid>/stat (man proc_pid_stat); the name in brackets may hold anything, so count from its end. */
const readStat = (pid: number): { state: string; startTicks: number } | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startTicks: Number(fields[19]) }
  } catch {
    return null
  }
}

/** A zombie (Z) or a process past it (X) writes no more. */
const isAlive = (holder: Holder): boolean => {
  if (!isRunning(holder.pid)) return false
  const stat = readStat(holder.pid)
  if (stat === null) return true
  return !'ZX'.includes(stat.state) && (holder.startTicks === null || holder.startTicks === stat.startTicks)
}

/** Null when there is no lock file. A file that cannot be read as a holder counts as held by nobody. */
const readHolder = (path: string): Holder | null => {
  try {
    const { pid, startTicks, since } = JSON.parse(readFileSync(path, 'utf8'))
    return { pid: Number(pid), startTicks: startTicks === null ? null : Number(startTicks), since: String(since) }
  } catch (error) {
    return isCode(error, 'ENOENT') ? null : { pid: -1, startTicks: null, since: 'unknown' }
  }
}

const isSame = (a: Holder, b: Holder | null): boolean =>
  b !== null && a.pid === b.pid && a.startTicks === b.startTicks && a.since === b.since

/** Creates `path` from the finished file `own`, or answers false when it exists: a link never shows half a file. */
const createFrom = (own: string, path: string): boolean => {
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * Takes `path` or answers who holds it. A dead holder's lock is replaced only under a second lock and only
 * when it is still the dead one's, so that of two successors one wins.
 */
const claim = (path: string, own: string): Holder | null => {
  if (createFrom(own, path)) return null
  const holder = readHolder(path)
  if (holder === null) return claim(path, own)
  if (holder.pid > 0 && isAlive(holder)) return holder
  const successor = `${path}.successor`
  const rival = claim(successor, own)
  if (rival) return rival
  if (isSame(holder, readHolder(path))) {
    renameSync(successor, path)
    return null
  }
  rmSync(successor, { force: true })
  return claim(path, own)
}

const heldMessage = (dir: string, path: string, holder: Holder): string =>
  `The database folder ${dir} is in use by process ${holder.pid} since ${holder.since}. ` +
  `Stop that process, or give this one another folder; two would destroy each other's data. (Lock file: ${path})`

/** Another process works on the folder; the message says which and what to do. */
export class FolderInUse extends OperatorError {
  readonly pid: number
  constructor(pid: number, message: string) {
    super(message)
    this.pid = pid
  }
}

/**
 * Takes the lock of the data folder `dir`; the answer frees it.
 * @throws FolderInUse that names the holder, when it still lives after `patienceMs`
 */
export const takeLock = async (dir: string, path: string, patienceMs = dyingHolderMs): Promise<() => void> => {
  const self: Holder = {
    pid: process.pid,
    startTicks: readStat(process.pid)?.startTicks ?? null,
    since: new Date().toISOString(),
  }
  mkdirSync(dirname(path), { recursive: true })
  const own = `${path}.${randomUUID()}`
  writeFileSync(own, JSON.stringify(self), { flush: true })
  try {
    for (let waitedMs = 0; ; waitedMs += pollMs) {
      const holder = claim(path, own)
      if (holder === null) break
      if (waitedMs >= patienceMs) throw new FolderInUse(holder.pid, heldMessage(dir, path, holder))
      await pause(pollMs)
    }
  } finally {
    rmSync(own, { force: true })
  }
  return () => {
    if (isSame(self, readHolder(path))) unlinkSync(path)
  }
}

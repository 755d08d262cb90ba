/** The real server as people start it, and the ways to end it. Only what was started here is ended, by its id. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { inTime, until } from './report.ts'

export const root = join(import.meta.dirname, '..')
export const admin = { email: 'admin@example.org', password: 'Secret-123' }

export interface Server {
  url: string
  /** Of the launcher, which is the group's too. */
  launcher: number
  /** Of the server itself. */
  pid: number
  /** What it wrote, the last lines of it. */
  tail(): string
  /** Exit code of the launcher; null when a signal ended it. */
  exit: Promise<number | null>
}

export type Settings = Record<string, string>

interface Started {
  child: ChildProcess
  exit: Promise<number | null>
  lines: string[]
}

/** What is still running of all that was ever started here. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) endGroup(child)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

/** Ends what is still running of all that was started here. */
export const endAll = async (): Promise<void> => {
  for (const child of running) {
    endGroup(child)
    await until('a killed group is gone', () => membersOf(child.pid ?? 0).length === 0)
  }
}

/** The group is the launcher's own, and so holds nothing that was not started here. */
const endGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** Starts a command in a group of its own; its lines are kept. */
export const start = (command: readonly [string, ...string[]], settings: Settings): Started => {
  const [program, ...args] = command
  const child = spawn(program, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
  })
  running.add(child)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (lines.length > 2000) lines.shift()
    })
  }
  const exit = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      running.delete(child)
      resolve(code)
    }),
  )
  return { child, exit, lines }
}

const serve = [process.execPath, join(root, 'bin/lyceum.mjs'), 'serve'] as const

export const settingsFor = (dataDir: string, more: Settings = {}): Settings => ({
  DATA_DIR: dataDir,
  PORT: '0',
  ADMIN_EMAIL: admin.email,
  ADMIN_PASSWORD: admin.password,
  RATE_LIMITS: 'off',
  ...more,
})

/** Starts the server and waits until it serves. @throws Error with its last lines when it ends before that */
export const startServer = async (
  settings: Settings,
  command: readonly [string, ...string[]] = serve,
): Promise<Server> => {
  const { child, exit, lines } = start(command, settings)
  const tail = (): string => lines.slice(-8).join('\n')
  let ended = false
  exit.then(() => {
    ended = true
  })
  const url = await until('the server is ready', () => {
    if (ended) throw new Error(`the server ended before it was ready:\n${tail()}`)
    return lines.map(asReady).find((found) => found !== null)
  })
  const launcher = child.pid ?? 0
  return { url, launcher, pid: findServer(launcher), exit, tail }
}

const asReady = (line: string): string | null => {
  if (!line.includes('Lyceum is ready')) return null
  try {
    return String(JSON.parse(line).url)
  } catch {
    return null
  }
}

/** The server among the processes of its group. */
const findServer = (group: number): number => {
  const found = membersOf(group).find((pid) => readCommand(pid).includes('server/src/cli.ts'))
  if (found === undefined) throw new Error('the group has no server')
  return found
}

const readCommand = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

/** kill -9 to the server itself; resolves when nothing of it is left. */
export const killServer = async (server: Server): Promise<void> => {
  process.kill(server.pid, 'SIGKILL')
  await inTime('the launcher ends after its server', server.exit)
  await nothingLeft(server)
}

/** SIGTERM; resolves with the exit code when nothing of it is left. */
export const stopServer = async (server: Server): Promise<number | null> => {
  process.kill(server.launcher, 'SIGTERM')
  const code = await inTime('the server ends on SIGTERM', server.exit)
  await nothingLeft(server)
  return code
}

export const nothingLeft = ({ launcher }: Pick<Server, 'launcher'>): Promise<unknown> =>
  until('no process of the server is left', () => membersOf(launcher).length === 0)

/** Processes of a group that still run; one that only waits to be collected (Z) is no more. */
export const membersOf = (group: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const { state, processGroup } = readStat(pid)
      return processGroup === group && state !== 'Z' && state !== 'X'
    })

/** From /proc/<pid>/stat; the name in brackets may hold anything, so fields count from its end. */
const readStat = (pid: number): { state: string; processGroup: number } => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state = '', , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state, processGroup: Number(processGroup) }
  } catch {
    return { state: 'X', processGroup: -1 }
  }
}

/** The real server, as a person starts it, with a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const startWithinMs = 90_000

export interface RunningServer {
  url: string
  /** The link that makes the first account; null when the settings made one. */
  setupUrl: string | null
  stop: () => Promise<void>
}

/** @param settings environment of the server, such as `ADMIN_EMAIL` */
export const startServer = async (settings: Record<string, string> = {}): Promise<RunningServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'lyceum-e2e-'))
  const child = spawn(process.execPath, ['bin/lyceum.mjs', 'serve'], {
    cwd: root,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder, RATE_LIMITS: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async (): Promise<void> => {
    await end(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    return { ...(await readAddress(child, !settings.ADMIN_EMAIL)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Waits until the log has said where the server is, and the web app is built. */
const readAddress = async (child: ChildProcess, expectsSetup: boolean): Promise<Omit<RunningServer, 'stop'>> => {
  const deadline = Date.now() + startWithinMs
  let log = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk
  })
  for (;;) {
    const url = /Lyceum is ready: (http:[^\s"]+)/.exec(log)?.[1]
    const setupUrl = /http:[^\s"]+\/setup\?code=[^\s"]+/.exec(log)?.[0] ?? null
    if (url && (setupUrl || !expectsSetup) && (await isServed(url))) return { url, setupUrl }
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`The server did not start:\n${log}`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/** The API is ready before the page is: the first start builds it. */
const isServed = async (url: string): Promise<boolean> => {
  const page = await fetch(url).then((answer) => answer.text())
  return page.includes('id="root"')
}

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })

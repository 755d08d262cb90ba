/** Builds the web app when its sources are newer than what was built: in a child, so that the server serves meanwhile. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isRunning } from '../is-running.ts'
import type { Logger } from '../telemetry/log.ts'

const root = join(import.meta.dirname, '../../../..')
export const builtFolder = join(root, 'web/dist')
const stampFile = join(builtFolder, '.sources')
/** What the built app depends on. */
const sources = [
  'web/src',
  'web/public',
  'web/index.html',
  'web/vite.config.ts',
  'web/package.json',
  'contract/src',
  'package-lock.json',
]

export interface WebBuild {
  /** Resolves when a fresh build stands, or rejects when it could not be made. */
  done: Promise<void>
  cancel(): void
}

export const buildWhenStale = (log: Logger): WebBuild => {
  const cancelling = new AbortController()
  return { done: build(log, cancelling.signal), cancel: () => cancelling.abort() }
}

const build = async (log: Logger, signal: AbortSignal): Promise<void> => {
  const stamp = await hashSources()
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return
  log.info('building the web app; the API is ready meanwhile')
  await removeAbandoned()
  // Beside the old build, which goes on being served until this one is whole.
  const next = `${builtFolder}-${process.pid}`
  try {
    await runVite(next, signal)
    await writeFile(join(next, '.sources'), stamp)
    await rm(builtFolder, { recursive: true, force: true })
    await rename(next, builtFolder)
    log.info('the web app is built')
  } finally {
    await rm(next, { recursive: true, force: true })
  }
}

/** What a build that was killed left behind. One of a process that lives may be another server's. */
const removeAbandoned = async (): Promise<void> => {
  const parent = dirname(builtFolder)
  for (const name of await readdir(parent)) {
    const pid = /^dist-(\d+)$/.exec(name)?.[1]
    if (pid && !isRunning(Number(pid))) await rm(join(parent, name), { recursive: true, force: true })
  }
}

const hashSources = async (): Promise<string> => {
  const hash = createHash('sha256')
  for (const source of sources) {
    const path = join(root, source)
    const below = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null)
    const files = below
      ? below.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
      : [path]
    for (const file of files.sort()) hash.update(file.slice(root.length)).update(await readFile(file).catch(() => ''))
  }
  return hash.digest('hex')
}

const runVite = (outDir: string, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    const child = spawn(
      process.execPath,
      [vite, 'build', 'web', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'error'],
      {
        cwd: root,
        signal,
        stdio: ['ignore', 'ignore', 'pipe'],
        // The build sees none of the server's settings.
        env: { NODE_ENV: 'production' },
      },
    )
    const complaints: Buffer[] = []
    child.stderr.on('data', (bytes: Buffer) => complaints.push(bytes))
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`vite build ended with ${code}: ${Buffer.concat(complaints).toString().slice(0, 2000)}`)),
    )
  })

import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ParseLimits } from '../types.ts'

const parsingFolder = fileURLToPath(new URL('..', import.meta.url))
const serverFolder = join(parsingFolder, '../../..')
/** The `node_modules` that holds a package: the workspace's, or the server's own when versions differ. */
const modulesOf = (name: string): string => {
  const place = fileURLToPath(import.meta.resolve(name))
  return place.slice(0, place.lastIndexOf('node_modules') + 'node_modules'.length)
}

/** The whole of the file system that a parser may see: the document, this module's code and its libraries. */
const readable = (path: string): string[] => [
  path,
  parsingFolder,
  join(serverFolder, 'package.json'),
  ...new Set(['pdfjs-dist', 'htmlparser2'].map(modulesOf)),
]

/**
 * Starts a process that can read one document and nothing else of the machine's files, write nothing, start nothing,
 * and gets no setting of the server's. It has no compile cache, since code that can write one is code that every later
 * process would run.
 */
export const spawnParser = (entry: string, path: string, limits: ParseLimits): ChildProcess =>
  fork(entry, [String(limits.memoryLimitMb)], {
    execPath: process.execPath,
    execArgv: [
      `--max-old-space-size=${Math.floor(limits.memoryLimitMb * 0.8)}`,
      '--permission',
      '--allow-worker',
      ...readable(path).map((each) => `--allow-fs-read=${each}`),
      '--disallow-code-generation-from-strings',
      '--no-warnings',
    ],
    env: {},
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })

/**
 * From an upload to `ready`, beside `pdftotext` (poppler-utils): `npm run bench -- ingest [--pages 1000]`. Counted is
 * the CPU of everything that works on it: the server, the process that parses, and PostgreSQL's sessions. The file of
 * real mathematics is one of LYCEUM_SHARED_DATA; the long one is made here.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { nodeFlags } from '../bin/runtime.mjs'
import { makePdf } from './ingest-data.ts'

const cli = join(import.meta.dirname, '../server/src/cli.ts')
const cache = join(import.meta.dirname, '../node_modules/.cache/lyceum')
const rounds = 3
const email = 'bench@example.org'
const password = 'Bench-12345'

interface Material {
  name: string
  pages: number
  path: string
}

export const benchIngest = async (pages: number): Promise<void> => {
  if (!(pages >= 1)) throw new RangeError('--pages takes a number from 1')
  const dir = await mkdtemp(join(tmpdir(), 'lyceum-bench-'))
  try {
    const materials = await prepare(dir, pages)
    say('| shape | file | pages | pdftotext, CPU-ms a page | ours, CPU-ms a page | ratio | wall s to ready |')
    say('|---|---|---|---|---|---|---|')
    await benchShape('embedded', dir, materials)
    if (process.env.LYCEUM_TEST_DATABASE_URL) await benchShape('server', dir, materials)
    else say('PostgreSQL: skipped, LYCEUM_TEST_DATABASE_URL is not set (scripts/services.sh)')
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const prepare = async (dir: string, pages: number): Promise<Material[]> => {
  const made = { name: 'made here', pages, path: join(dir, 'made.pdf') }
  await writeFile(made.path, makePdf(pages))
  const shared = process.env.LYCEUM_SHARED_DATA
  if (!shared) {
    say('GeoTopo: skipped, LYCEUM_SHARED_DATA names no folder\n')
    return [made]
  }
  return [{ name: 'GeoTopo', pages: 117, path: join(shared, 'files/pdf/GeoTopo-komprimiert.pdf') }, made]
}

/** CPU seconds of `pdftotext` as the shell's `times` has them: least of three. */
const cpuOfPdftotext = async (path: string): Promise<number> => {
  const spent: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { stdout } = await promisify(execFile)('sh', ['-c', 'pdftotext "$0" /dev/null && times', path])
    const ofChildren = stdout.trim().split('\n').at(-1) ?? ''
    const seconds = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, rest]) => 60 * Number(minutes) + Number(rest),
    )
    spent.push(seconds.reduce((sum, each) => sum + each, 0))
  }
  return Math.min(...spent)
}

interface Server {
  url: string
  token: string
  /** CPU seconds so far of the server, of the parsers that have ended, and of PostgreSQL's sessions. */
  cpuSeconds(): Promise<number>
  stop(): Promise<void>
}

const benchShape = async (shape: 'embedded' | 'server', dir: string, materials: Material[]): Promise<void> => {
  const server = await startServer(shape, await mkdtemp(join(dir, 'data-')))
  try {
    // Code is loaded at its first use, and only then.
    await ingest(server, makePdf(1))
    for (const { name, pages, path } of materials) {
      const theirs = await cpuOfPdftotext(path)
      const before = await server.cpuSeconds()
      const began = performance.now()
      await ingest(server, await readFile(path))
      const wall = (performance.now() - began) / 1000
      const ours = (await server.cpuSeconds()) - before
      const perPage = (seconds: number): string => ((1000 * seconds) / pages).toFixed(2)
      say(
        `| ${shape} | ${name} | ${pages} | ${perPage(theirs)} | ${perPage(ours)} | ${(ours / theirs).toFixed(1)} | ${wall.toFixed(1)} |`,
      )
    }
  } finally {
    await server.stop()
  }
}

/** Uploads and waits until it can be searched. */
const ingest = async ({ url, token }: Server, bytes: Buffer): Promise<void> => {
  const headers = { authorization: `Bearer ${token}` }
  const body = new FormData()
  body.set('file', new Blob([new Uint8Array(bytes)]), 'bench.pdf')
  const reply = await fetch(`${url}/documents`, { method: 'POST', headers, body })
  const { document } = (await reply.json()) as { document?: { id: string } }
  if (!document) throw new Error(`the upload was answered with ${reply.status}`)
  for (;;) {
    const reply = await fetch(`${url}/documents/${document.id}`, { headers })
    const { status, failure } = (await reply.json()) as { status: string; failure?: { code: string } }
    if (status === 'ready') return
    if (status === 'failed') throw new Error(`the file could not be read: ${failure?.code}`)
    await sleep(250)
  }
}

const startServer = async (shape: 'embedded' | 'server', dataDir: string): Promise<Server> => {
  const database = shape === 'server' ? await makeDatabase() : null
  const child = spawn(process.execPath, [...nodeFlags, cli, 'serve'], {
    env: {
      DATA_DIR: dataDir,
      PORT: '0',
      HOST: '127.0.0.1',
      RATE_LIMITS: 'off',
      NODE_COMPILE_CACHE: cache,
      ADMIN_EMAIL: email,
      ADMIN_PASSWORD: password,
      ...(database && { DATABASE_URL: database.url, REDIS_URL: process.env.LYCEUM_TEST_REDIS_URL ?? '' }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = `${await addressOf(child)}/api/v1`
  const reply = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const { accessToken: token } = (await reply.json()) as { accessToken: string }
  return {
    url,
    token,
    cpuSeconds: async () => cpuOf(child.pid ?? 0) + ((await database?.cpuSeconds()) ?? 0),
    stop: async () => {
      child.kill('SIGTERM')
      await new Promise((resolve) => child.on('exit', resolve))
      await database?.drop()
    },
  }
}

/** Clock ticks a second: USER_HZ is 100 on Linux. */
const ticks = 100

/** CPU of a process and of its children that have ended (proc(5), stat: utime, stime, cutime, cstime). */
const cpuOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticks
}

const addressOf = async (child: ChildProcess): Promise<string> => {
  if (!child.stdout) throw new Error('no output')
  const lines = createInterface({ input: child.stdout })
  return new Promise((resolve, reject) => {
    // Read to the end, or the server would one day wait for its log to be taken.
    lines.on('line', (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line)
      if (found) resolve(found[0])
    })
    lines.on('close', () => reject(new Error('The server ended before it was ready')))
  })
}

/** A database of its own on the server that the environment names. */
const makeDatabase = async () => {
  const name = `lyceum_bench_ingest_${process.pid}`
  const owner = new URL(process.env.LYCEUM_TEST_DATABASE_URL ?? '')
  const admin = new pg.Client({ connectionString: process.env.LYCEUM_TEST_SUPERUSER_URL })
  await admin.connect()
  await admin.query(`create database ${name} owner lyceum_owner`)
  return {
    url: Object.assign(owner, { pathname: `/${name}` }).href,
    cpuSeconds: async () => {
      const { rows } = await admin.query('select pid from pg_stat_activity where datname = $1', [name])
      return rows.reduce((sum: number, { pid }: { pid: number }) => sum + cpuOf(pid), 0)
    },
    drop: async () => {
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}

/** What a streamed token costs with journal and gate, beside a bare pipe of the same upstream; and how late a sentence is. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient } from '@lyceum/contract/client'
import { documentsRoutes, Uploaded } from '@lyceum/contract/documents'
import { identityRoutes } from '@lyceum/contract/identity'
import { nodeFlags } from '../bin/runtime.mjs'
import { openTestDatabase } from '../server/src/testing/database.ts'
import { type Part, startPart } from './parts.ts'
import { material } from './stream-material.ts'

const here = import.meta.dirname
const tokensPerSecond = 20
/** Short answers carry the cost of their question, long ones that of their tokens. */
const lengths = [5, 20]
const streams = 100
const login = { email: 'bench@example.org', password: 'Bench-12345' }

export const benchStream = async (): Promise<void> => {
  process.stdout.write(
    '| shape | streams | tokens an answer | pipe us a token | ours us a token | ratio | sentence late ms p50 / p95 |\n|---|---|---|---|---|---|---|\n',
  )
  await benchShape('embedded', {})
  const { LYCEUM_TEST_DATABASE_URL: servers, LYCEUM_TEST_REDIS_URL: redis } = process.env
  if (servers && redis) {
    process.env.LYCEUM_TEST_SHAPE = 'server'
    const { url, drop } = await openTestDatabase(`lyceum_bench_${process.pid}`)
    await benchShape('server', { DATABASE_URL: url ?? '', REDIS_URL: redis })
    await drop()
  } else
    process.stdout.write('PostgreSQL and Redis: skipped, LYCEUM_TEST_DATABASE_URL is not set (scripts/services.sh)\n')
}

const benchShape = async (name: string, env: Record<string, string>): Promise<void> => {
  for (const sentences of lengths) {
    const upstream = await startPart('stream-upstream.ts', [String(tokensPerSecond), String(sentences)])
    const pipe = await startPart('stream-pipe.ts', [upstream.url])
    const dir = await mkdtemp(join(tmpdir(), 'lyceum-bench-'))
    const server = await startServer(dir, { ...env, LLM_BASE_URL: `${upstream.url}/v1`, LLM_MODEL: 'bench' })
    try {
      const authorization = await prepare(server.url)
      // Once unmeasured, and as many: ten do not make the compiler warm, a server is.
      await run({ kind: 'ours', server, upstream, authorization, count: streams })
      await run({ kind: 'pipe', server: pipe, upstream, authorization, count: streams })
      const bare = await run({ kind: 'pipe', server: pipe, upstream, authorization, count: streams })
      for (const count of [1, streams]) {
        const ours = await run({ kind: 'ours', server, upstream, authorization, count })
        const ratio = count === streams ? (ours.usPerToken / bare.usPerToken).toFixed(2) : ''
        process.stdout.write(
          `| ${name} | ${count} | ${ours.tokens / count} | ${bare.usPerToken.toFixed(0)} | ${ours.usPerToken.toFixed(0)} | ${ratio} | ${ours.late.p50.toFixed(0)} / ${ours.late.p95.toFixed(0)} |\n`,
        )
      }
    } finally {
      await server.stop()
      pipe.child.disconnect()
      upstream.child.disconnect()
      await rm(dir, { recursive: true, force: true })
    }
  }
}

const startServer = async (dir: string, env: Record<string, string>) => {
  const child = spawn(process.execPath, [...nodeFlags, join(here, '../server/src/cli.ts'), 'serve'], {
    env: {
      PATH: process.env.PATH ?? '',
      DATA_DIR: dir,
      PORT: '0',
      RATE_LIMITS: 'off',
      ADMIN_EMAIL: login.email,
      ADMIN_PASSWORD: login.password,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /Lyceum is ready: (http\S+?)"/.exec(line)?.[1]
      if (found) resolve(found)
      if (line.includes('"level":"error"')) process.stderr.write(`${line}\n`)
    })
  })
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
  return { child, url, stop }
}

/** Signs in and has the material read. @returns the header to ask with */
const prepare = async (origin: string): Promise<string> => {
  const { accessToken } = await createClient({ origin }).call(identityRoutes.login, { body: login })
  const client = createClient({ origin, accessToken: () => accessToken })
  const authorization = `Bearer ${accessToken}`
  const { items } = await client.call(documentsRoutes.list, {})
  if (items.length > 0) return authorization
  const form = new FormData()
  form.set('file', new Blob([material()]), 'harbours.md')
  const reply = await fetch(`${origin}/api/v1/documents`, { method: 'POST', headers: { authorization }, body: form })
  const { document } = Uploaded.parse(await reply.json())
  for (;;) {
    const { status } = await client.call(documentsRoutes.get, { params: { id: document.id } })
    if (status === 'ready') return authorization
    if (status === 'failed') throw new Error('the material could not be read')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

interface Run {
  kind: 'ours' | 'pipe'
  server: Part
  upstream: Part
  authorization: string
  count: number
}

const run = async ({ kind, server, upstream, authorization, count }: Run) => {
  const written = new Map<string, number>()
  const lateness: number[] = []
  let tokens = 0
  const note = (message: { subject: number; sentence?: number; at?: number; tokens?: number }): void => {
    if (message.tokens) tokens += message.tokens
    else written.set(`${message.subject} ${message.sentence}`, message.at ?? 0)
  }
  upstream.child.on('message', note)
  const before = cpuMicroseconds(server.child)
  const readers = fork(join(here, 'stream-readers.ts'), [kind, server.url, authorization, String(count)])
  const arrived: { subject: number; sentence: number; at: number }[] = []
  readers.on('message', (message: { subject: number; sentence: number; at: number; done?: boolean }) => {
    if (!message.done) arrived.push(message)
  })
  const code = await new Promise((resolve) => readers.once('exit', resolve))
  if (code !== 0) throw new Error('the readers failed')
  const spent = cpuMicroseconds(server.child) - before
  upstream.child.off('message', note)
  for (const { subject, sentence, at } of arrived) {
    const from = written.get(`${subject} ${sentence}`)
    if (from) lateness.push(at - from)
  }
  lateness.sort((a, b) => a - b)
  const at = (share: number): number => lateness[Math.floor(share * lateness.length)] ?? Number.NaN
  return { tokens, usPerToken: spent / tokens, late: { p50: at(0.5), p95: at(0.95) } }
}

/** User and system time of a process with its threads, from the kernel (man proc_pid_stat); a tick is 10 ms. */
const cpuMicroseconds = ({ pid }: ChildProcess): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

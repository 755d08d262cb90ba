import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { withFile } from '../testing/read.ts'
import { defaultLimits, type ParsedPage, type ParseLimits } from '../types.ts'
import { type ChildJob, runInChild } from './run-child.ts'
import { spawnParser } from './spawn.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`testing/${name}.ts`, import.meta.url))
const ownPath = fileURLToPath(import.meta.url)
const realEntry = fileURLToPath(new URL('main.ts', import.meta.url))

const job = (entry: string, more: Partial<ChildJob> = {}, limits: Partial<ParseLimits> = {}): ChildJob => ({
  request: { path: ownPath, fileName: 'x.txt', mediaType: 'text/plain', maxPages: 5 },
  limits: { ...defaultLimits, ...limits },
  onPage: () => undefined,
  entry,
  ...more,
})

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a parser that hangs is killed when its time is up', async () => {
  let pid = 0
  const onStart = (start: { pageCount: number }): void => {
    pid = start.pageCount
  }
  const outcome = await runInChild(job(fixture('hang'), { onStart }, { timeLimitMs: 1500 }))
  assert.equal(outcome.ok === false && outcome.failure, 'document_timeout')
  assert.ok(pid > 0, 'it was running')
  assert.equal(isAlive(pid), false)
})

test('a parser over its memory is killed, be it buffers or heap', async () => {
  for (const name of ['hog', 'heap']) {
    const outcome = await runInChild(job(fixture(name), {}, { memoryLimitMb: 200 }))
    assert.equal(outcome.ok === false && outcome.failure, 'document_too_complex', name)
  }
})

test('the guard thread alone kills a process over its memory', async () => {
  const child: ChildProcess = spawnParser(fixture('hog'), ownPath, { ...defaultLimits, memoryLimitMb: 200 })
  const [, signal] = await once(child, 'exit')
  assert.equal(signal, 'SIGKILL')
})

test('a parser that crashes is a damaged document, with the reason for the log', async () => {
  const outcome = await runInChild(job(fixture('crash')))
  assert.equal(outcome.ok === false && outcome.failure, 'document_corrupt')
  assert.match(outcome.ok ? '' : (outcome.detail ?? ''), /a fault in the parser/)
})

test('a child whose own code is missing is a bug and not a document', async () => {
  const request = { path: ownPath, fileName: 'x', mediaType: 'none/such' as 'text/plain', maxPages: 1 }
  await assert.rejects(runInChild(job(realEntry, { request })), /cannot load its own code/)
})

test('a parser that is taken over reaches nothing', async () => {
  process.env.LYCEUM_SECRET_FOR_TEST = 'secret'
  const outcome = await runInChild(job(fixture('curious')))
  delete process.env.LYCEUM_SECRET_FOR_TEST
  const seen = JSON.parse(outcome.ok ? (outcome.title ?? '{}') : '{}')
  assert.deepEqual(
    seen.settings.filter((name: string) => !name.startsWith('NODE_CHANNEL')),
    [],
  )
  const { reads, writes, starts, evaluates } = seen
  assert.deepEqual(
    { reads, writes, starts, evaluates },
    { reads: 'ERR_ACCESS_DENIED', writes: 'ERR_ACCESS_DENIED', starts: 'ERR_ACCESS_DENIED', evaluates: 'refused' },
  )
})

test('a parser does not outlive a server that is killed', async () => {
  const server = spawn(process.execPath, [fixture('orphan')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(server.stdout, 'data')
  const pid = Number(String(line))
  assert.ok(isAlive(pid), 'it was running')
  server.kill('SIGKILL')
  while (isAlive(pid)) await wait(20)
})

const longText = Array.from({ length: 4 }, (_, at) => `Page ${at}. ${'Words and more words. '.repeat(140)}`).join(
  '\n\n',
)

const readLong = (path: string, more: Partial<ChildJob>) =>
  runInChild(job(realEntry, { request: { path, fileName: 'a.txt', mediaType: 'text/plain', maxPages: 50 }, ...more }))

test('pages come one by one, and the next waits until the one before is taken', () =>
  withFile('a.txt', longText, async (path) => {
    let open = 0
    const seen: number[] = []
    const onPage = async (page: ParsedPage): Promise<void> => {
      open += 1
      assert.equal(open, 1, 'no two pages at once')
      await new Promise(setImmediate)
      seen.push(page.number)
      open -= 1
    }
    const outcome = await readLong(path, { onPage })
    assert.deepEqual(seen, [1, 2, 3, 4])
    assert.equal(outcome.ok && outcome.pageCount, 4)
  }))

test('what onPage or onStart throws is thrown on', () =>
  withFile('a.txt', longText, async (path) => {
    const fail = (): never => {
      throw new Error('the database is away')
    }
    await assert.rejects(readLong(path, { onPage: fail }), /the database is away/)
    await assert.rejects(readLong(path, { onStart: fail }), /the database is away/)
  }))

test('the time that the caller takes over a page does not count', () =>
  withFile('a.txt', longText, async (path) => {
    const calls: string[] = []
    const clock = { pause: () => void calls.push('pause'), resume: () => void calls.push('resume') }
    await readLong(path, { startClock: () => clock, onPage: () => void calls.push('page') })
    const each = ['pause', 'page', 'resume']
    assert.deepEqual(calls, [...each, ...each, ...each, ...each, 'pause'])
  }))

test('an aborted signal stops before and during', async () => {
  await assert.rejects(runInChild(job(fixture('hang'), { signal: AbortSignal.abort(new Error('not now')) })), /not now/)
  const controller = new AbortController()
  const onStart = (): void => controller.abort(new Error('enough'))
  await assert.rejects(runInChild(job(fixture('hang'), { onStart, signal: controller.signal })), /enough/)
})

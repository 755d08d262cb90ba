import type { ChildProcess } from 'node:child_process'
import { sentences } from '../failure.ts'
import type { ParsedOutcome, ParsedPage, ParseFailure, ParseLimits } from '../types.ts'
import { type Clock, startClock } from './clock.ts'
import { watchMemory } from './memory.ts'
import { brokenInstallation, type FromChild, type ParseRequest, type ToChild } from './messages.ts'
import { spawnParser } from './spawn.ts'

export interface ChildJob {
  request: ParseRequest
  limits: ParseLimits
  onPage: (page: ParsedPage) => Promise<void> | void
  onStart?: ((start: { pageCount: number }) => void) | undefined
  signal?: AbortSignal | undefined
  /** The program that the child runs. */
  entry: string
  /** Tests give a clock of their own. */
  startClock?: typeof startClock
}

const memoryFailure: ParseFailure = { ok: false, failure: 'document_too_complex', message: sentences.memory }

const timeFailure = (limitMs: number): ParseFailure => ({
  ok: false,
  failure: 'document_timeout',
  message: `Reading was stopped after ${Math.ceil(limitMs / 1000)} seconds. Split the file into smaller ones and upload those.`,
})

interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
  stderr: string
}

/** What an end without an answer means. A kill that was not ours is the guard thread's, or the system's for want of memory. */
const failureOfExit = ({ code, signal, stderr }: Exit): ParseFailure => {
  const isOutOfMemory = signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134 || /out of memory/i.test(stderr)
  if (isOutOfMemory) return memoryFailure
  const detail = `parser ended with ${signal ?? code}: ${stderr.trim().slice(-1000)}`
  return { ok: false, failure: 'document_corrupt', message: sentences.damaged, detail }
}

/** Resolves when the process has ended; rejects when it cannot be started. */
const exited = (child: ChildProcess): Promise<Exit> =>
  new Promise((resolve, reject) => {
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4000)
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code, signal, stderr }))
  })

/** How a parse stands: the first of an answer, a failure or a broken caller settles it. */
interface Course {
  outcome?: ParsedOutcome
  broken?: { reason: unknown }
  handling: Promise<void>
}

const isSettled = (course: Course): boolean => course.outcome !== undefined || course.broken !== undefined

const tell = (child: ChildProcess, message: ToChild): void => {
  // A child that just died cannot be told; its exit says the rest.
  if (child.connected) child.send(message, () => undefined)
}

/** Hands the caller what the child sends; the clock stands still while the caller works on a page. Returns its undoing. */
const listen = (child: ChildProcess, job: ChildJob, course: Course, clock: Clock): (() => void) => {
  const breakOff = (reason: unknown): void => {
    if (!isSettled(course)) course.broken = { reason }
    child.kill('SIGKILL')
  }
  const guarded = async (work: () => Promise<void> | void): Promise<void> => {
    try {
      await work()
    } catch (error) {
      breakOff(error)
    }
  }
  const takePages = async (pages: ParsedPage[]): Promise<void> => {
    for (const page of pages) {
      clock.pause()
      await job.onPage(page)
      if (isSettled(course)) return
      clock.resume()
    }
    tell(child, { type: 'next' })
  }
  child.on('message', (message: FromChild) => {
    if (isSettled(course)) return
    if (message.type === 'start') void guarded(() => job.onStart?.({ pageCount: message.pageCount }))
    if (message.type === 'pages') course.handling = guarded(() => takePages(message.pages))
    if (message.type !== 'end') return
    course.outcome = message.outcome
    child.disconnect()
  })
  const onAbort = (): void => breakOff(job.signal?.reason)
  job.signal?.addEventListener('abort', onAbort)
  return () => job.signal?.removeEventListener('abort', onAbort)
}

/**
 * Runs one parse in a process of its own and ends only when that process has ended. Whatever the child does, the
 * answer is an outcome; what `onPage` throws, and the reason of `signal`, are thrown on after the child is killed.
 */
export const runInChild = async (job: ChildJob): Promise<ParsedOutcome> => {
  job.signal?.throwIfAborted()
  const { limits, request } = job
  const child = spawnParser(job.entry, request.path, limits)
  const course: Course = { handling: Promise.resolve() }
  const stop = (failure: ParseFailure): void => {
    if (!isSettled(course)) course.outcome = failure
    child.kill('SIGKILL')
  }
  const clock = (job.startClock ?? startClock)(limits.timeLimitMs, () => stop(timeFailure(limits.timeLimitMs)))
  const unwatch = watchMemory(child.pid ?? 0, limits.memoryLimitMb, () => stop(memoryFailure))
  const unlisten = listen(child, job, course, clock)
  tell(child, { type: 'parse', request })
  try {
    const exit = await exited(child)
    await course.handling
    if (course.broken) throw course.broken.reason
    if (exit.code === brokenInstallation) throw new Error(`the parser cannot load its own code: ${exit.stderr}`)
    return course.outcome ?? failureOfExit(exit)
  } finally {
    clock.pause()
    unwatch()
    unlisten()
  }
}

/** What the tests of the embedded database share. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmbeddedLog, StartTimer } from './options.ts'

export const quietLog: EmbeddedLog = { info: () => {}, warn: () => {}, error: () => {} }

const root = join(tmpdir(), `lyceum-embedded-${randomUUID()}`)
process.once('exit', () => rmSync(root, { recursive: true, force: true }))

/** A path in a new folder of its own, where nothing is yet; gone when the process ends (a data folder has 40 MB). */
export const newPath = (): string => {
  const folder = join(root, randomUUID())
  mkdirSync(folder, { recursive: true })
  return join(folder, 'database')
}

interface ManualTimers {
  startTimer: StartTimer
  /** Resolves when a timer of this length is running. */
  started(ms: number): Promise<void>
  /** Lets the time of every running timer of this length pass. */
  fire(ms: number): void
}

/** Timers that run out only when the test says so; a limit is recognised by its length. */
export const manualTimers = (): ManualTimers => {
  const running = new Set<{ ms: number; run: () => void }>()
  const awaited = new Set<{ ms: number; resolve: () => void }>()
  const isRunning = (ms: number): boolean => [...running].some((timer) => timer.ms === ms)
  return {
    startTimer: (ms, run) => {
      const timer = { ms, run }
      running.add(timer)
      for (const waiter of awaited) if (waiter.ms === ms) waiter.resolve()
      return () => void running.delete(timer)
    },
    started: (ms) => (isRunning(ms) ? Promise.resolve() : new Promise((resolve) => void awaited.add({ ms, resolve }))),
    fire: (ms) => {
      for (const timer of [...running]) {
        if (timer.ms !== ms || !running.delete(timer)) continue
        timer.run()
      }
    },
  }
}

export interface Child {
  process: ChildProcess
  /** Each complete line of the child's output so far. */
  lines: string[]
  /** Resolves when so many lines have come; rejects when the child ends before. */
  printed(count: number): Promise<void>
  exited: Promise<void>
}

/** Runs a TypeScript program of this folder in a process of its own. */
export const startChild = (program: string, args: readonly string[]): Child => {
  const file = new URL(`./${program}`, import.meta.url).pathname
  return watchChild(spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }))
}

/** Follows the output of a child that was started otherwise. */
export const watchChild = (child: ChildProcess): Child => {
  const lines: string[] = []
  const changed = new Set<() => void>()
  let rest = ''
  let isOver = false
  const tell = (): void => {
    for (const look of changed) look()
  }
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  void exited.then(() => {
    isOver = true
    tell()
  })
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    tell()
  })
  const printed = (count: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (lines.length >= count) resolve()
        else if (isOver) reject(new Error(`the child ended after ${lines.length} lines`))
      }
      changed.add(look)
      look()
    })
  return { process: child, lines, printed, exited }
}

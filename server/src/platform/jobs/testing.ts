/** A clock moved by hand, and a log that says nothing. */
import pino from 'pino'
import type { Clock } from '../clock.ts'

export const quietLog = pino({ level: 'silent' })

interface Timer {
  at: number
  act: () => void
  everyMs: number | null
}

export interface HandClock extends Clock {
  /** Moves time and fires what comes due, in order. */
  advance(ms: number): void
  /** Resolves once something is to happen exactly `ms` from now. */
  scheduled(ms: number): Promise<void>
}

export const createHandClock = (start = Date.parse('2026-11-20T09:00:00Z')): HandClock => {
  let now = start
  const timers = new Set<Timer>()
  const waiting = new Set<() => void>()
  const add = (timer: Timer): (() => void) => {
    timers.add(timer)
    for (const check of [...waiting]) check()
    return () => void timers.delete(timer)
  }
  const nextDue = (until: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
  return {
    now: () => new Date(now),
    every: (ms, act) => add({ at: now + ms, act, everyMs: ms }),
    after: (ms, act) => add({ at: now + ms, act, everyMs: null }),
    advance: (ms) => {
      const until = now + ms
      for (let due = nextDue(until); due; due = nextDue(until)) {
        now = due.at
        if (due.everyMs === null) timers.delete(due)
        else due.at += due.everyMs
        due.act()
      }
      now = until
    },
    scheduled: (ms) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (![...timers].some((timer) => timer.everyMs === null && timer.at === now + ms)) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
  }
}

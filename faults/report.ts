/** What was checked and how it went: a line for each check, and what all came to at the end. */
import { setTimeout as pause } from 'node:timers/promises'

/** No single wait is longer; what takes more has failed, by name. */
const deadlineMs = 60_000
const pollMs = 50

export interface Report {
  /** Runs a check; its fault is a line, not the end. @returns whether it passed */
  check(name: string, run: () => Promise<unknown>): Promise<boolean>
  note(text: string): void
  /** Prints the closing line. @returns how many failed */
  close(): number
}

export const createReport = (): Report => {
  const counts = { passed: 0, failed: 0 }
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  return {
    check: async (name, run) => {
      const startedAt = Date.now()
      try {
        await run()
        counts.passed += 1
        print(`ok      ${name} (${Date.now() - startedAt} ms)`)
        return true
      } catch (error) {
        counts.failed += 1
        print(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`)
        return false
      }
    },
    note: (text) => print(`        ${text}`),
    close: () => {
      print(`${counts.passed} passed, ${counts.failed} failed`)
      return counts.failed
    },
  }
}

/** Asks again and again until there is an answer. @throws Error that names what did not come in time */
export const until = async <T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> => {
  const end = Date.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > end) throw new Error(`${what}: not within ${deadlineMs / 1000} s`)
    await pause(pollMs)
  }
}

/** @throws Error that names what did not come in time */
export const inTime = async <T>(what: string, promise: Promise<T>): Promise<T> => {
  const late = AbortSignal.timeout(deadlineMs)
  const expired = new Promise<never>((_, reject) =>
    late.addEventListener('abort', () => reject(new Error(`${what}: not within ${deadlineMs / 1000} s`))),
  )
  return Promise.race([promise, expired])
}

/** @throws Error with what was expected, when it is not so */
export const expect = (isSo: unknown, what: string): void => {
  if (!isSo) throw new Error(what)
}

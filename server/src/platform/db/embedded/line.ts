/** One session serves everybody: whoever needs it waits in line, first come first served. */
import { AppError } from '#platform/errors.ts'
import type { StartTimer } from './options.ts'

interface Waiter {
  enter(): void
}

/** A first-come-first-served lock whose waiters lose patience. */
export class Line {
  readonly #startTimer: StartTimer
  readonly #waiters = new Set<Waiter>()
  #taken = false

  constructor(startTimer: StartTimer) {
    this.#startTimer = startTimer
  }

  /** True when nobody holds the session and nobody waits for it. */
  get quiet(): boolean {
    return !this.#taken
  }

  get waiting(): number {
    return this.#waiters.size
  }

  /**
   * Waits for the session; the answer gives it back and may be called more than once.
   * @throws AppError `database_busy` after `patienceMs`
   */
  acquire(patienceMs: number): Promise<() => void> {
    if (!this.#taken) return Promise.resolve(this.#take())
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter: () => {
          stopWaiting()
          resolve(this.#take())
        },
      }
      const stopWaiting = this.#startTimer(patienceMs, () => {
        this.#waiters.delete(waiter)
        reject(new AppError('database_busy', 'The database is busy; try again shortly.', { retryAfterSeconds: 2 }))
      })
      this.#waiters.add(waiter)
    })
  }

  #take(): () => void {
    this.#taken = true
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#taken = false
      this.#admitNext()
    }
  }

  #admitNext(): void {
    for (const next of this.#waiters) {
      this.#waiters.delete(next)
      next.enter()
      return
    }
  }
}

/** Keeps one database thread running: when one is lost, it opens the database again. */
import { AppError } from '#platform/errors.ts'
import { Connection } from './connection.ts'
import type { ThreadSettings } from './messages.ts'
import type { Limits } from './options.ts'

/** Hands out the thread that runs now, and starts the next one when it is lost. */
export class Supervisor {
  readonly #settings: ThreadSettings
  readonly #limits: Limits
  #current: Promise<Connection> | null = null
  #closing = false
  #restarts = 0
  #syncs = (): number => 0

  constructor(settings: ThreadSettings, limits: Limits) {
    this.#settings = settings
    this.#limits = limits
  }

  /** How often the thread had to be started again. */
  get restarts(): number {
    return this.#restarts
  }

  /** Syncs to the disk since the thread started. */
  get syncs(): number {
    return this.#syncs()
  }

  /** @throws AppError `shutting_down` once the end has begun */
  assertOpen(): void {
    if (this.#closing) throw new AppError('shutting_down', 'The server is shutting down.', { retryAfterSeconds: 5 })
  }

  /** The thread to use now; waits while the database is being opened, and tries again when the last try failed. */
  async connection(): Promise<Connection> {
    this.assertOpen()
    this.#current ??= this.#open()
    return this.#current
  }

  /** From here on nobody gets the thread any more; who has it may finish. */
  refuse(): void {
    this.#closing = true
  }

  /** Ends the thread. The caller holds the session. */
  async close(): Promise<void> {
    this.refuse()
    const connection = await this.#current?.catch(() => null)
    await connection?.close(this.#limits.statementDeadlineMs)
  }

  async #open(): Promise<Connection> {
    try {
      const connection = await Connection.open(this.#settings, this.#limits.startTimer, (cause, gone) =>
        this.#reopen(cause, gone),
      )
      this.#syncs = () => connection.syncs
      return connection
    } catch (error) {
      this.#current = null
      throw error
    }
  }

  #reopen(cause: Error, gone: Promise<unknown>): void {
    if (this.#closing) return
    this.#restarts += 1
    const { log } = this.#limits
    log.warn({ err: cause, restarts: this.#restarts }, 'the database thread ended; opening the database again')
    this.#current = gone.then(() => this.#open())
    this.#current.catch((err: unknown) => log.error({ err }, 'the database cannot be opened again'))
  }
}

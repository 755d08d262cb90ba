/** One lifetime of the database's thread, seen from the main thread. */
import { Worker } from 'node:worker_threads'
import { AppError } from '#platform/errors.ts'
import { decodeReply, type Reply } from './decode.ts'
import type { FromThread, ThreadSettings, ToThread } from './messages.ts'
import type { StartTimer } from './options.ts'
import { Prepared } from './prepared.ts'

interface Sent {
  deadlineMs: number
  resolve(reply: Reply): void
  reject(error: Error): void
}

/** Told when the thread answers no more. Only once `gone` resolves may another open the same folder. */
export type OnLost = (cause: Error, gone: Promise<unknown>) => void

const timedOut = (deadlineMs: number): AppError =>
  new AppError('database_timeout', `The database did not answer within ${deadlineMs} ms.`, { retryAfterSeconds: 2 })

const vanished = (cause: Error): AppError =>
  new AppError('database_busy', 'The database is restarting; try again shortly.', { cause, retryAfterSeconds: 2 })

/** The first message says that the database is open; a database that does not open ends the thread with an error. */
const ready = (worker: Worker): Promise<void> =>
  new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', () => {
      worker.removeListener('error', reject)
      resolve()
    })
  })

/** Sends flights to the thread, keeps their deadlines, and ends the thread when one passes. */
export class Connection {
  /** Syncs to the disk since this thread started. */
  syncs = 0
  /** What its session has been taught. */
  readonly prepared = new Prepared()
  readonly #worker: Worker
  readonly #startTimer: StartTimer
  readonly #onLost: OnLost
  readonly #sent: Sent[] = []
  #stopDeadline = (): void => {}
  #death: Error | null = null
  /** Resolves when the thread has ended and touches no file any more. */
  #gone: Promise<unknown> = Promise.resolve()
  readonly #closed = Promise.withResolvers<void>()

  private constructor(worker: Worker, startTimer: StartTimer, onLost: OnLost) {
    this.#worker = worker
    this.#startTimer = startTimer
    this.#onLost = onLost
    worker.on('message', (message: FromThread) => this.#hear(message))
    worker.on('error', (error) => this.#die(vanished(error)))
    worker.on('exit', () => this.#die(vanished(new Error('the database thread ended'))))
  }

  /** Starts the thread and opens the database in it. */
  static async open(settings: ThreadSettings, startTimer: StartTimer, onLost: OnLost): Promise<Connection> {
    // No inherited loaders, environment or secrets: the thread needs none of them.
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: settings, execArgv: [], env: {} })
    try {
      await ready(worker)
    } catch (error) {
      await worker.terminate()
      throw error
    }
    worker.unref()
    return new Connection(worker, startTimer, onLost)
  }

  /** Sends one flight; flights are answered in the order they were sent. */
  send(bytes: Uint8Array<ArrayBuffer>, deadlineMs: number): Promise<Reply> {
    if (this.#death) return Promise.reject(this.#death)
    return new Promise((resolve, reject) => {
      this.#sent.push({ deadlineMs, resolve, reject })
      if (this.#sent.length === 1) this.#startDeadline()
      this.#tell({ kind: 'run', bytes }, [bytes.buffer])
    })
  }

  /** Ends the database in order (it writes a last checkpoint) and the thread with it; after `deadlineMs` the thread alone. */
  async close(deadlineMs: number): Promise<void> {
    if (!this.#death) {
      this.#worker.ref()
      this.#tell({ kind: 'close' })
      const stopWaiting = this.#startTimer(deadlineMs, () => this.#closed.resolve())
      await this.#closed.promise
      stopWaiting()
      this.#end(vanished(new Error('the database is closed')))
    }
    await this.#gone
  }

  #tell(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer)
  }

  /** The deadline is the oldest flight's alone: those behind it have not begun. */
  #startDeadline(): void {
    const [oldest] = this.#sent
    if (!oldest) return this.#worker.unref()
    this.#worker.ref()
    this.#stopDeadline = this.#startTimer(oldest.deadlineMs, () => this.#die(timedOut(oldest.deadlineMs)))
  }

  #hear(message: FromThread): void {
    if (message.kind === 'closed') this.#closed.resolve()
    if (message.kind === 'broken') this.#die(vanished(new Error(message.message)))
    if (message.kind === 'reply') this.#settle(message.bytes, message.syncs)
  }

  #settle(bytes: Uint8Array, syncs: number): void {
    this.syncs = syncs
    const answered = this.#sent.shift()
    this.#stopDeadline()
    this.#startDeadline()
    try {
      answered?.resolve(decodeReply(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)))
    } catch (error) {
      // Such as a value longer than JavaScript's longest string.
      answered?.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #die(error: Error): void {
    if (this.#death) return
    this.#closed.resolve()
    this.#end(error)
    this.#onLost(error, this.#gone)
  }

  /** Ends the thread; everything under way fails at once. */
  #end(error: Error): void {
    if (this.#death) return
    this.#death = error
    this.#stopDeadline()
    this.#gone = this.#worker.terminate()
    for (const sent of this.#sent.splice(0)) sent.reject(error)
  }
}

/** Transactions on the one session, from BEGIN to COMMIT or ROLLBACK. */
import { AppError } from '#platform/errors.ts'
import type { Statement } from '../driver.ts'
import type { Connection } from './connection.ts'
import type { Answer, Result } from './decode.ts'
import { flight, simpleQuery, statement } from './encode.ts'
import type { Limits } from './options.ts'

export interface TransactionNeeds {
  connection: Connection
  /** Plain SQL that runs right after BEGIN. */
  prelude: string
  limits: Pick<Limits, 'statementDeadlineMs' | 'idleDeadlineMs' | 'startTimer'>
  /** Gives the session back. */
  release(): void
}

const overstayed = (idleMs: number): AppError =>
  new AppError('database_timeout', `A transaction without a statement for ${idleMs} ms was rolled back.`, {
    retryAfterSeconds: 2,
  })

/** Holds the session until it has committed, rolled back or overstayed. */
export class OpenTransaction {
  /** Rejects when the transaction was ended from outside because it held the session without using it. */
  readonly overstayed: Promise<never>
  readonly #needs: TransactionNeeds
  #rejectOverstayed: (error: Error) => void
  #begun = false
  #underWay = 0
  /** Why no further statement is taken. */
  #ended: Error | null = null
  /** The first statement that failed: the reason to give when the commit turns out to be a rollback. */
  #firstFailure: Error | null = null
  #stopIdling = (): void => {}

  constructor(needs: TransactionNeeds) {
    this.#needs = needs
    const { promise, reject } = Promise.withResolvers<never>()
    promise.catch(() => {})
    this.overstayed = promise
    this.#rejectOverstayed = reject
    this.#startIdling()
  }

  /** Runs one statement; the first one takes BEGIN and the prelude with it. */
  async query(text: string, params: readonly unknown[] = []): Promise<Result> {
    if (this.#ended) throw this.#ended
    const answers = await this.#send([...this.#opening(), statement(text, params)])
    return lastResult(answers.at(-1))
  }

  /** @throws the first failed statement's error when PostgreSQL rolled back instead */
  async commit(): Promise<void> {
    if (this.#ended) throw this.#ended
    this.#end(new Error('the transaction has been committed'))
    try {
      const [answer] = this.#begun ? await this.#send([simpleQuery('commit')]) : []
      const isRolledBack = answer?.results[0]?.tag === 'ROLLBACK'
      if (isRolledBack) throw this.#firstFailure ?? new Error('the transaction was rolled back')
    } finally {
      this.#needs.release()
    }
  }

  async rollback(): Promise<void> {
    if (this.#ended) return
    await this.#abandon(new Error('the transaction has been rolled back'))
  }

  /** BEGIN and the prelude, once. */
  #opening(): Buffer[] {
    if (this.#begun) return []
    this.#begun = true
    return [simpleQuery(`begin;${this.#needs.prelude}`)]
  }

  async #send(messages: readonly Buffer[]): Promise<Answer[]> {
    this.#stopIdling()
    this.#underWay += 1
    try {
      const { answers } = await this.#needs.connection.send(flight(messages), this.#needs.limits.statementDeadlineMs)
      const failed = answers.find((answer) => answer.error)
      if (failed?.error) throw failed.error
      return answers
    } catch (error) {
      this.#firstFailure ??= error instanceof Error ? error : new Error(String(error))
      throw error
    } finally {
      this.#underWay -= 1
      if (this.#underWay === 0) this.#startIdling()
    }
  }

  #startIdling(): void {
    const { idleDeadlineMs, startTimer } = this.#needs.limits
    if (this.#ended) return
    this.#stopIdling = startTimer(idleDeadlineMs, () => {
      const reason = overstayed(idleDeadlineMs)
      void this.#abandon(reason)
      this.#rejectOverstayed(reason)
    })
  }

  #end(reason: Error): void {
    this.#ended = reason
    this.#stopIdling()
  }

  async #abandon(reason: Error): Promise<void> {
    this.#end(reason)
    try {
      if (this.#begun) await this.#send([simpleQuery('rollback')])
    } catch {
      // The thread is gone, and the transaction with it.
    } finally {
      this.#needs.release()
    }
  }
}

/** A transaction whose statements are all known: one flight from BEGIN to COMMIT. */
export const runBatch = async (
  { connection, prelude, limits, release }: TransactionNeeds,
  statements: readonly Statement[],
): Promise<Result[]> => {
  try {
    const messages = statements.map((it) => connection.prepared.message(it))
    const whole = flight([simpleQuery(`begin;${prelude}`), ...messages, simpleQuery('commit')])
    const { answers } = await connection.send(whole, limits.statementDeadlineMs)
    // What follows a failure fails too, and the commit is a rollback.
    const failed = answers.find((answer) => answer.error)
    if (failed?.error) throw failed.error
    return answers.slice(1, -1).map(lastResult)
  } catch (error) {
    // Where it cannot be sent the session is gone, and what it knew with it.
    await connection.send(flight([connection.prepared.forget()]), limits.statementDeadlineMs).catch(() => undefined)
    throw error
  } finally {
    release()
  }
}

const lastResult = (answer: Answer | undefined): Result => {
  const last = answer?.results.at(-1)
  if (!last) throw new Error('the database answered a statement without a result')
  return last
}

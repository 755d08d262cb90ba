/** What a kind of long work says of itself, and what its run is given. */
import type { z } from 'zod'
import type { Actor } from '../actor.ts'
import type { JobRow } from './tables.ts'

export interface Failure {
  code: string
  message: string
}

export interface Work<P> {
  id: string
  payload: P
  actor: Actor
  attempt: number
  /** Aborts when the lease is lost or the server shuts down: what is not final then is taken up by another. */
  signal: AbortSignal
  /** Tells how far it is; also keeps the lease. */
  report(progress: { percent: number; step: string; progress?: JobRow['progress'] }): Promise<void>
}

export interface JobKind<P> {
  kind: string
  payload: z.ZodType<P>
  concurrency: number
  attempts: number
  /** Does the work; twice does no harm. What it returns becomes the job's result. */
  run(work: Work<P>): Promise<Record<string, unknown>>
  /** Called once when the last attempt failed. */
  onDead?(work: Pick<Work<P>, 'id' | 'payload' | 'actor'>, failure: Failure): Promise<void>
}

/** Thrown by `run` for what another attempt would not mend. */
export class JobFailure extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

import { type ErrorCode, errorStatus } from '@lyceum/contract/errors'

interface ErrorExtras {
  /** What went wrong inside; logged, never sent. */
  cause?: unknown
  /** Members added to the problem document, such as `errors` or `until`. */
  details?: Record<string, unknown>
  /** Seconds for the `Retry-After` header. */
  retryAfterSeconds?: number
  /** Whose account was meant, when nobody is signed in; for the audit trail, never sent. */
  subject?: { id: string; institutionId: string }
}

/** An error that the caller can do something about. Anything else that is thrown is a bug and answers a bare 500. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly details: Record<string, unknown>
  readonly retryAfterSeconds: number | undefined
  readonly subject: { id: string; institutionId: string } | undefined

  constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(message, { cause: extras.cause })
    this.name = 'AppError'
    this.code = code
    this.status = errorStatus[code]
    this.details = extras.details ?? {}
    this.retryAfterSeconds = extras.retryAfterSeconds
    this.subject = extras.subject
  }
}

/** Whoever runs the server can mend it: the message is all that they need, without a stack. */
export class OperatorError extends Error {}

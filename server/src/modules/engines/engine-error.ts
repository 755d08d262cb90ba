export type EngineFault =
  /** No connection, or it broke before an answer. */
  | 'unreachable'
  /** The key or the address is wrong: trying again helps nobody. */
  | 'refused'
  /** It does not take this request. */
  | 'rejected'
  /** It has no time: 429. */
  | 'busy'
  /** It failed: 5xx, or an error in its stream. */
  | 'failed'
  /** What it sends is no answer: another content type, broken JSON, a redirect. */
  | 'malformed'
  /** A deadline passed. */
  | 'timeout'
  /** It sends more than an answer can have. */
  | 'too_long'
  /** Its answer ended before its end. */
  | 'cut'
  /** It failed so often that it is not asked for a while. */
  | 'away'

interface Details {
  status?: number
  /** How long the engine asks to be left alone. */
  retryAfterMs?: number | null
  cause?: unknown
}

/** An engine did not do its work. The message says what happened, and never holds the key. */
export class EngineError extends Error {
  readonly fault: EngineFault
  readonly status: number | undefined
  readonly retryAfterMs: number | null

  constructor(fault: EngineFault, message: string, { status, retryAfterMs = null, cause }: Details = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EngineError'
    this.fault = fault
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

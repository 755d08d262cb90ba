/** A circuit breaker: an engine that fails again and again is left alone for a while, so that nobody waits for it. */
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/telemetry/log.ts'
import type { ChatDelta, ChatModel, ChatRequest } from './chat-model.ts'
import { EngineError } from './engine-error.ts'

export interface BreakerOptions {
  clock: Clock
  log: Logger
  /** Failures in a row that open it. */
  failures?: number
  /** How long it stays open; then one call tries. */
  pauseMs?: number
}

export const withBreaker = (
  model: ChatModel,
  { clock, log, failures = 5, pauseMs = 30_000 }: BreakerOptions,
): ChatModel => {
  const state = createState({ clock, failures, pauseMs })
  const fail = (error: unknown): void => {
    if (!tellsOfTheEngine(error)) return
    const isOpen = state.fail()
    if (isOpen) log.warn({ model: model.model }, 'the engine keeps failing and is left alone for a while')
  }
  const succeed = (): void => {
    if (state.succeed()) log.info({ model: model.model }, 'the engine answers again')
  }
  const stream = async function* (request: ChatRequest): AsyncGenerator<ChatDelta> {
    const leave = state.enter()
    let lives = false
    try {
      for await (const delta of model.stream(request)) {
        lives = true
        yield delta
      }
    } catch (error) {
      lives = false
      fail(error)
      throw error
    } finally {
      leave()
      // Also for who left while it answered.
      if (lives) succeed()
    }
  }
  return { ...model, stream }
}

const createState = ({ clock, failures, pauseMs }: { clock: Clock; failures: number; pauseMs: number }) => {
  let [inARow, openUntil, probing] = [0, 0, false]
  const hasFailed = (): boolean => inARow >= failures
  return {
    /** @throws EngineError `away` while it is open; after the pause one call is let through */
    enter: (): (() => void) => {
      if (!hasFailed()) return () => undefined
      if (probing || clock.now().getTime() < openUntil) {
        throw new EngineError('away', 'The engine failed too often and is left alone for a while.')
      }
      probing = true
      return () => {
        probing = false
      }
    },
    /** @returns whether it is open now */
    fail: (): boolean => {
      inARow += 1
      openUntil = clock.now().getTime() + pauseMs
      return hasFailed()
    },
    /** @returns whether it was open */
    succeed: (): boolean => {
      const wasOpen = hasFailed()
      inARow = 0
      return wasOpen
    },
  }
}

/** A stop is the asker's, and a request that it does not take may be the question's fault. */
const tellsOfTheEngine = (error: unknown): boolean => error instanceof EngineError && error.fault !== 'rejected'

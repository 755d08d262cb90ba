/** Reads the body of a streamed answer: bytes in any cut, deltas out, bounded in time and memory. */
import { createParser } from 'eventsource-parser'
import type { ChatDelta } from './chat-model.ts'
import type { Deadline } from './deadline.ts'
import { EngineError } from './engine-error.ts'
import { readChunk } from './read-chunk.ts'

export interface ReadingLimits {
  tokenMs: number
  /** Most bytes of a whole body; a token takes some 200 to 300. */
  bodyBytes: number
  /** Most characters of one event. */
  eventChars: number
}

/** After the last event the connection is kept for the next call, unless the engine does not end its body by then. */
const lingerMs = 250
const lingered = new Error('The engine did not end its body')

/**
 * Time is counted from delta to delta, and only while the engine is waited for: bytes without an event, such as
 * comments or a line that does not end, do not prolong it.
 */
export const readAnswer = async function* (
  body: AsyncIterable<Uint8Array>,
  limits: ReadingLimits,
  deadline: Deadline,
): AsyncGenerator<ChatDelta> {
  const events = createEvents(limits)
  try {
    for await (const bytes of body) {
      const deltas = events.feed(bytes)
      if (events.isOver()) deadline.start(lingerMs, () => lingered)
      else if (deltas.length > 0) deadline.stop()
      yield* deltas
      events.check()
      if (!events.isOver() && deltas.length > 0) deadline.start(limits.tokenMs, () => silent(limits.tokenMs))
    }
  } catch (error) {
    if (!events.isOver()) throw error
  }
  if (!events.isWhole()) throw new EngineError('cut', 'The answer of the engine ended before its end.')
}

const silent = (ms: number): EngineError =>
  new EngineError('timeout', `The engine sent nothing more for ${ms / 1000} s (LLM_TOKEN_TIMEOUT_SECONDS).`)

const asFault = (error: unknown): EngineError =>
  error instanceof EngineError ? error : new EngineError('malformed', 'The engine sent what cannot be read.')

const createEvents = (limits: ReadingLimits) => {
  const decoder = new TextDecoder()
  let deltas: ChatDelta[] = []
  let [bytesRead, over, finished] = [0, false, false]
  let fault: EngineError | null = null
  const take = (data: string): void => {
    const found = readChunk(data)
    deltas.push(...found)
    finished ||= found.some(({ kind }) => kind === 'finish')
  }
  const read = (data: string): void => {
    if (over || fault) return
    if (data === '[DONE]') {
      over = true
      return
    }
    try {
      take(data)
    } catch (error) {
      // What is wrong behind the end of the text, such as `NaN` in the usage, costs nobody the answer.
      if (!finished) fault = asFault(error)
    }
  }
  const parser = createParser({
    maxBufferSize: limits.eventChars,
    onEvent: ({ data }) => read(data),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded')
        fault ??= new EngineError('too_long', 'The engine sent a line without an end.')
    },
  })
  return {
    /** The deltas in these bytes; what is wrong with them is told by `check`, after them. */
    feed: (bytes: Uint8Array): ChatDelta[] => {
      deltas = []
      bytesRead += bytes.length
      if (bytesRead > limits.bodyBytes) {
        fault ??= new EngineError('too_long', 'The engine sends more than an answer can have.')
      }
      if (!fault) parser.feed(decoder.decode(bytes, { stream: true }))
      return deltas
    },
    check: (): void => {
      if (fault) throw fault
    },
    /** It has said that nothing more comes. */
    isOver: () => over,
    isWhole: () => over || finished,
  }
}

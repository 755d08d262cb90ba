/** Chat models behind an OpenAI-compatible server: one call a stream, retried only while nothing has come. */
import { Agent, request as send } from 'undici'
import type { Clock } from '#platform/clock.ts'
import type { ChatDelta, ChatModel, ChatRequest } from './chat-model.ts'
import { completionsUrl } from './completions-url.ts'
import { createDeadline, type Deadline, sleep } from './deadline.ts'
import { EngineError } from './engine-error.ts'
import { type ReadingLimits, readAnswer } from './read-answer.ts'
import { refusalOf } from './refusal-of.ts'
import { learnQuirk, noQuirks, type Quirks, requestBody } from './request-body.ts'

export interface EngineLimits extends ReadingLimits {
  /** From the question to the first token, attempts and pauses counted. */
  firstTokenMs: number
  /** For a whole answer: one token a minute must not hold a turn for ever. */
  answerMs: number
}

export interface OpenAiChatModelOptions {
  /** With or without `/v1`. */
  baseUrl: string
  apiKey: string | null
  model: string
  clock: Clock
  /** From 0 to 1, for the pauses between attempts. */
  random: () => number
  limits: Pick<EngineLimits, 'firstTokenMs' | 'tokenMs' | 'answerMs'> & Partial<EngineLimits>
}

const sizes = { bodyBytes: 8 * 1024 * 1024, eventChars: 256 * 1024 }
const maxAttempts = 3
const firstPauseMs = 400
const longestPauseMs = 5_000
const connectMs = 10_000

interface Engine extends Omit<OpenAiChatModelOptions, 'limits' | 'baseUrl'> {
  url: URL
  agent: Agent
  limits: EngineLimits
  quirks: Quirks
}

export const createOpenAiChatModel = ({ baseUrl, limits, ...options }: OpenAiChatModelOptions): ChatModel => {
  const engine: Engine = {
    ...options,
    url: completionsUrl(baseUrl),
    // The deadlines are our own: undici's count bytes, and would run on while nobody reads.
    agent: new Agent({ pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectMs } }),
    limits: { ...sizes, ...limits },
    quirks: noQuirks(),
  }
  return {
    model: options.model,
    stream: (request) => answer(engine, request),
    close: () => engine.agent.destroy(),
  }
}

/** One call with all that can end it: its asker, its deadlines, its reader who leaves. */
interface Call {
  signal: AbortSignal
  deadline: Deadline
  end(): void
}

const openCall = ({ clock, limits }: Engine, asker: AbortSignal): Call => {
  const aborter = new AbortController()
  const leave = (): void => aborter.abort(asker.reason)
  if (asker.aborted) leave()
  else asker.addEventListener('abort', leave, { once: true })
  const deadline = createDeadline(clock, (error) => aborter.abort(error))
  const stopAll = clock.after(limits.answerMs, () => aborter.abort(late('the answer', limits.answerMs, 'ANSWER')))
  deadline.start(limits.firstTokenMs, () => late('the first token', limits.firstTokenMs, 'FIRST_TOKEN'))
  return {
    signal: aborter.signal,
    deadline,
    end: () => {
      asker.removeEventListener('abort', leave)
      deadline.stop()
      stopAll()
      aborter.abort()
    },
  }
}

const late = (what: string, ms: number, setting: string): EngineError =>
  new EngineError('timeout', `The engine took more than ${ms / 1000} s for ${what} (LLM_${setting}_TIMEOUT_SECONDS).`)

const answer = async function* (engine: Engine, request: ChatRequest): AsyncGenerator<ChatDelta> {
  const call = openCall(engine, request.signal)
  try {
    for (let attempt = 1; ; attempt += 1) {
      let begun = false
      try {
        for await (const delta of await ask(engine, request, call)) {
          begun = true
          yield delta
        }
        return
      } catch (error) {
        const fault = faultOf(error, call.signal, begun)
        if (begun || attempt >= maxAttempts || !mayTryAgain(engine, fault)) throw fault
        await sleep(engine.clock, pauseMs(engine, fault, attempt), call.signal)
      }
    }
  } finally {
    call.end()
  }
}

const ask = async (engine: Engine, request: ChatRequest, call: Call): Promise<AsyncGenerator<ChatDelta>> => {
  const { url, agent, apiKey, model, quirks, clock } = engine
  const response = await send(url, {
    dispatcher: agent,
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      ...(apiKey && { authorization: `Bearer ${apiKey}` }),
    },
    body: requestBody(model, request, quirks),
    signal: call.signal,
  })
  // Who ends the call while nobody reads must not find an error that nobody catches.
  response.body.on('error', () => undefined)
  if (response.statusCode !== 200) throw await refusalOf(response, clock.now(), hiding(apiKey))
  if (!String(response.headers['content-type']).startsWith('text/event-stream')) {
    response.body.destroy()
    throw new EngineError('malformed', 'The engine does not answer with an event stream: check LLM_BASE_URL.')
  }
  return readAnswer(response.body, engine.limits, call.deadline)
}

const hiding =
  (apiKey: string | null) =>
  (text: string): string =>
    apiKey ? text.replaceAll(apiKey, '[key]') : text

/** What broke, as an EngineError; an abort keeps its own reason. */
const faultOf = (error: unknown, signal: AbortSignal, begun: boolean): unknown => {
  if (signal.aborted) return signal.reason
  if (error instanceof EngineError) return error
  return begun
    ? new EngineError('cut', 'The connection to the engine broke.', { cause: error })
    : new EngineError('unreachable', 'The engine cannot be reached: check LLM_BASE_URL.', { cause: error })
}

const mayTryAgain = ({ quirks }: Engine, fault: unknown): boolean => {
  if (!(fault instanceof EngineError)) return false
  if (fault.fault === 'rejected') return learnQuirk(quirks, fault.message)
  return fault.fault === 'unreachable' || fault.fault === 'busy' || fault.fault === 'failed'
}

/** Doubling, with jitter so that many callers do not come back as one; the engine's own wish counts more, up to a limit. */
const pauseMs = ({ random }: Engine, fault: unknown, attempt: number): number => {
  if (!(fault instanceof EngineError) || fault.fault === 'rejected') return 0
  const jitter = 0.5 + random()
  const ownMs = firstPauseMs * 2 ** (attempt - 1) * jitter
  return Math.min(fault.retryAfterMs === null ? ownMs : fault.retryAfterMs + firstPauseMs * random(), longestPauseMs)
}

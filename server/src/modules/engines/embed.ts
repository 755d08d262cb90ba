/** Vectors by an OpenAI-compatible engine: `POST {baseUrl}/embeddings`. */
import { type Dispatcher, request } from 'undici'
import type { Clock } from '#platform/clock.ts'
import { completionsUrl, withoutSecrets } from './completions-url.ts'
import { sleep } from './deadline.ts'
import { readVectors } from './embed-reply.ts'
import { EngineError, type EngineFault } from './engine-error.ts'

export interface EmbedderOptions {
  baseUrl: string
  model: string
  apiKey: string | null
  clock: Clock
  /** First pause before another try; doubled each time. */
  pauseMs?: number
  /** For one request, from connecting to the last byte. */
  deadlineMs?: number
}

export interface EmbedRequest {
  signal?: AbortSignal
  /** Another model of the same engine, as an older index needs it. */
  model?: string
  /** Whether somebody waits for it: one try with a short deadline, and none at all just after the engine failed. */
  urgent?: boolean
}

export interface Embedder {
  /** The engine's address without credentials, by which stored vectors name it. */
  engine: string
  model: string
  /**
   * One vector of length 1 for each text, in order.
   * @throws EngineError, `rejected` when the engine does not take one of the texts; or the signal's reason
   */
  embed(texts: readonly string[], request?: EmbedRequest): Promise<Float32Array[]>
}

const tries = 3
const defaultPauseMs = 500
const maxPauseMs = 10_000
const defaultDeadlineMs = 30_000
/** Who searches has an answer by words at once; vectors may not hold it up for longer. */
const urgentDeadlineMs = 4_000
/** After a failure people are not made to wait for the engine again for this long. */
const restMs = 30_000

/** What one request may hold. A single text may be larger, up to `maxTextChars`. */
const maxBatchTexts = 32
const maxBatchBytes = 64 * 1024
/** Chunks and questions are shorter; what is longer counts by its beginning. */
const maxTextChars = 16_000
/** 32 vectors of 16,000 dimensions with 12 characters a number need 6 MB. */
const maxReplyBytes = 16 * 2 ** 20
const maxRefusalBytes = 64 * 1024

export const createEmbedder = (options: EmbedderOptions): Embedder => {
  const { clock, model } = options
  const url = embeddingsUrl(options.baseUrl)
  let restsUntil = 0
  return {
    engine: withoutSecrets(url),
    model,
    embed: async (texts, asked = {}) => {
      if (asked.urgent && clock.now().getTime() < restsUntil)
        throw new EngineError('away', 'The embedding engine failed just now and is left alone for a while.')
      try {
        const vectors: Float32Array[] = []
        for (const batch of cutBatches(texts)) vectors.push(...(await askPatiently(url, options, { batch, asked })))
        restsUntil = 0
        return vectors
      } catch (error) {
        if (error instanceof EngineError && error.fault !== 'rejected') restsUntil = clock.now().getTime() + restMs
        throw error
      }
    },
  }
}

/** From the address as people write it: with or without `/v1`, or the whole path. */
const embeddingsUrl = (baseUrl: string): URL => {
  const url = completionsUrl(baseUrl.replace(/\/embeddings\/*$/, ''))
  url.pathname = url.pathname.replace(/chat\/completions$/, 'embeddings')
  return url
}

/** Runs of texts, each small enough for one request. */
const cutBatches = (texts: readonly string[]): string[][] => {
  const batches: string[][] = []
  let bytes = 0
  for (const text of texts) {
    const cut = text.slice(0, maxTextChars).toWellFormed()
    const size = Buffer.byteLength(cut)
    const batch = batches.at(-1)
    if (batch && batch.length < maxBatchTexts && bytes + size <= maxBatchBytes) {
      batch.push(cut)
      bytes += size
    } else {
      batches.push([cut])
      bytes = size
    }
  }
  return batches
}

interface Batch {
  batch: string[]
  asked: EmbedRequest
}

/** Another try changes nothing about these. */
const lasting: readonly EngineFault[] = ['refused', 'rejected', 'too_long']

const askPatiently = async (url: URL, options: EmbedderOptions, given: Batch): Promise<Float32Array[]> => {
  const { signal, urgent } = given.asked
  for (let attempt = 1; ; attempt++) {
    try {
      return await askOnce(url, options, given)
    } catch (error) {
      signal?.throwIfAborted()
      if (!(error instanceof EngineError) || lasting.includes(error.fault) || urgent || attempt === tries) throw error
      const pauseMs = error.retryAfterMs ?? (options.pauseMs ?? defaultPauseMs) * 2 ** (attempt - 1)
      await sleep(options.clock, Math.min(pauseMs, maxPauseMs), signal ?? new AbortController().signal)
    }
  }
}

const askOnce = async (
  url: URL,
  { model, apiKey, clock, deadlineMs }: EmbedderOptions,
  { batch, asked }: Batch,
): Promise<Float32Array[]> => {
  const late = new AbortController()
  const stop = clock.after(asked.urgent ? urgentDeadlineMs : (deadlineMs ?? defaultDeadlineMs), () =>
    late.abort(new EngineError('timeout', 'The embedding engine took too long.')),
  )
  try {
    const reply = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) },
      body: JSON.stringify({ model: asked.model ?? model, input: batch, encoding_format: 'float' }),
      signal: AbortSignal.any([late.signal, ...(asked.signal ? [asked.signal] : [])]),
    })
    if (reply.statusCode !== 200) {
      // Some of it is taken, so that the connection can serve again; nobody waits for an endless one.
      await reply.body.dump({ limit: maxRefusalBytes })
      throw errorOfStatus(reply)
    }
    return readVectors(await readBody(reply), batch.length)
  } catch (cause) {
    if (cause instanceof EngineError) throw cause
    throw new EngineError('unreachable', `The embedding engine at ${url.host} does not answer.`, { cause })
  } finally {
    stop()
  }
}

/** Leaving the loop early destroys the socket, so that an endless body costs no more than its bound. */
const readBody = async ({ body }: Dispatcher.ResponseData): Promise<string> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > maxReplyBytes) throw new EngineError('too_long', 'The embedding engine sent more than vectors need.')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Redirects are not followed: text and key are for the address that was set. */
const faultOf = (status: number): EngineFault => {
  if (status === 429) return 'busy'
  if (status === 408 || status >= 500) return 'failed'
  return [400, 413, 422].includes(status) ? 'rejected' : 'refused'
}

const errorOfStatus = ({ statusCode: status, headers }: Dispatcher.ResponseData): EngineError => {
  const wait = headers['retry-after']
  const retryAfterMs = wait !== undefined && Number(wait) >= 0 ? Number(wait) * 1000 : null
  return new EngineError(faultOf(status), `The embedding engine answered with status ${status}.`, {
    status,
    retryAfterMs,
  })
}

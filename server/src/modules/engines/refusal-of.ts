/** What an engine's refusal means, and what whoever runs the server can do about it. */
import { EngineError } from './engine-error.ts'
import { messageOf } from './read-chunk.ts'

const bodyChars = 4_000

interface Refusal {
  statusCode: number
  headers: Record<string, string | string[] | undefined>
  body: AsyncIterable<Uint8Array>
}

/** @param hide takes out of a text what must not be logged: engines quote the key that they refuse */
export const refusalOf = async (
  { statusCode, headers, body }: Refusal,
  now: Date,
  hide: (text: string) => string,
): Promise<EngineError> => {
  const said = hide(saidIn(await readSome(body)))
  const retryAfterMs = retryAfter(headers['retry-after'], now)
  const [fault, advice] = meaningOf(statusCode)
  return new EngineError(fault, `The engine answered ${statusCode}. ${advice}${said && ` It says: ${said}`}`, {
    status: statusCode,
    retryAfterMs,
  })
}

const meaningOf = (status: number): [fault: EngineError['fault'], advice: string] => {
  if (status === 401) return ['refused', 'Check LLM_API_KEY.']
  if (status === 403) return ['refused', 'The key may not use this model: check LLM_API_KEY and LLM_MODEL.']
  if (status === 404) return ['refused', 'Check LLM_BASE_URL and LLM_MODEL.']
  if (status === 429) return ['busy', 'Its limit is reached.']
  if (status >= 300 && status < 400) return ['malformed', 'It redirects, which is not followed: check LLM_BASE_URL.']
  if (status === 408 || status >= 500) return ['failed', 'It has failed.']
  return ['rejected', 'It does not take this request.']
}

/** Leaving the loop ends the connection: nobody waits for an endless refusal. */
const readSome = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true })
    if (text.length >= bodyChars) break
  }
  return text.slice(0, bodyChars)
}

const saidIn = (text: string): string => {
  try {
    const body = JSON.parse(text)
    return messageOf(body?.error ?? body)
  } catch {
    return messageOf(text)
  }
}

const retryAfter = (header: string | string[] | undefined, now: Date): number | null => {
  if (typeof header !== 'string') return null
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now.getTime()
  return Number.isFinite(ms) && ms >= 0 ? ms : null
}

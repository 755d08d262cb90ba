/** A client made from the routes: what is sent and what comes back has the contract's types, checked as it arrives. */
import type { z } from 'zod'
import { Problem } from './problem.ts'
import type { Route } from './route.ts'

type InputOf<S> = S extends z.ZodType ? z.input<S> : never
type Params<R> = R extends { params: infer S } ? { params: InputOf<S> } : { params?: never }
type Query<R> = R extends { query: infer S } ? { query?: InputOf<S> } : { query?: never }
type JsonBody<R> = R extends { body: { kind: 'json'; schema: infer S } } ? { body: InputOf<S> } : { body?: never }

/** What a call of the route takes. */
export type CallInput<R extends Route> = Params<R> & Query<R> & JsonBody<R> & CallOptions
export interface CallOptions {
  signal?: AbortSignal
  headers?: Record<string, string>
  /** Lets the call outlive the page that made it. */
  keepalive?: boolean
}
/** What a call of the route gives; nothing where the answer has no body. */
export type CallReply<R extends Route> = R['reply'] extends { schema: infer S extends z.ZodType } ? z.output<S> : void

export interface ClientOptions {
  /** Where the server is, without a slash at the end; left out in a page that it served. */
  origin?: string
  fetch?: typeof fetch
  /** For callers without cookies. */
  accessToken?: () => string | undefined
  /** Called when a session has ended; says whether there is a new one, and the call is made once more. */
  renew?: () => Promise<boolean>
}

export type Client = ReturnType<typeof createClient>

/** The server refused, and says why. */
export class ApiError extends Error {
  readonly problem: Problem
  /** Seconds after which it is worth trying again, where the server says so. */
  readonly retryAfterSeconds: number | undefined

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(problem.detail)
    this.name = 'ApiError'
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The server was not reached, or the connection broke. */
export class ConnectionError extends Error {
  constructor(cause: unknown) {
    super('The server cannot be reached.', { cause })
    this.name = 'ConnectionError'
  }
}

export const createClient = (options: ClientOptions = {}) => {
  const attempt = (route: Route, input: AnyInput): Promise<Response> => send(route, input, options)

  /**
   * Makes the call and gives the raw answer, for streams and files.
   * @throws ApiError, ConnectionError, or the signal's reason
   */
  const open = async <R extends Route>(route: R, input: CallInput<R>): Promise<Response> => {
    let response = await attempt(route, input)
    const mayRenew = response.status === 401 && route.auth !== 'anyone' && options.renew
    if (mayRenew && (await mayRenew())) response = await attempt(route, input)
    if (!response.ok) throw await readProblem(response)
    return response
  }

  /**
   * Makes the call and gives its answer.
   * @throws ApiError, ConnectionError, or the signal's reason
   */
  const call = async <R extends Route>(route: R, input: CallInput<R>): Promise<CallReply<R>> => {
    const response = await open(route, input)
    if (!('schema' in route.reply)) return undefined as CallReply<R>
    return route.reply.schema.parse(await readJson(response)) as CallReply<R>
  }

  return { call, open }
}

interface AnyInput extends CallOptions {
  params?: unknown
  query?: unknown
  body?: unknown
}

const send = async (route: Route, input: AnyInput, options: ClientOptions): Promise<Response> => {
  const token = options.accessToken?.()
  const headers: Record<string, string> = { accept: 'application/json', ...input.headers }
  if (token) headers.authorization = `Bearer ${token}`
  if (input.body !== undefined) headers['content-type'] = 'application/json'
  const init: RequestInit = { method: route.method, headers }
  if (input.body !== undefined) init.body = JSON.stringify(input.body)
  if (input.signal) init.signal = input.signal
  if (input.keepalive) init.keepalive = true
  try {
    return await (options.fetch ?? fetch)(addressOf(route, input, options.origin), init)
  } catch (cause) {
    if (input.signal?.aborted) throw cause
    throw new ConnectionError(cause)
  }
}

/** The route's address with its parameters filled in. */
export const addressOf = (
  route: Pick<Route, 'prefix' | 'path'>,
  { params, query }: { params?: unknown; query?: unknown },
  origin = '',
): string => {
  const values = new Map(Object.entries(params ?? {}))
  const path = route.path.replace(/:(\w+)/g, (_, name) => encodeURIComponent(String(values.get(name))))
  const prefix = route.prefix === '/api' ? '/api/v1' : route.prefix
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, String(value))
  return `${origin}${prefix}${path}${search.size > 0 ? `?${search}` : ''}`
}

/** The refusal in an answer; something in between, such as a proxy, may have answered in its own words. */
export const readProblem = async (response: Response): Promise<ApiError> => {
  const text = await response.text().catch(() => '')
  return toApiError(response.status, text, response.headers)
}

export const toApiError = (status: number, text: string, headers: Pick<Headers, 'get'>): ApiError => {
  const parsed = Problem.safeParse(parseJson(text))
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  const problem: Problem = parsed.data ?? {
    type: 'about:blank',
    title: 'unexpected answer',
    status,
    detail: `The server answered ${status}.`,
    success: false,
    code: 'internal_error',
    requestId: headers.get('x-request-id') ?? '',
  }
  return new ApiError(problem, Number.isFinite(seconds) ? seconds : undefined)
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const readJson = async (response: Response): Promise<unknown> => {
  try {
    return await response.json()
  } catch (cause) {
    throw new ConnectionError(cause)
  }
}

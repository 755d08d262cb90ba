/** Puts a route of the contract on the server: who asks, is it allowed, is it well-formed; then the rule; then the answer. */
import type { createReadStream } from 'node:fs'
import type { Route } from '@lyceum/contract/route'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Actor } from '../actor.ts'
import type { CallTrail } from '../audit/calls.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { answerOnce, attemptOf, createOnce, isReplayed, type Once } from '../idempotency/calls.ts'
import type { Attempt, Idempotency, Kept } from '../idempotency/index.ts'
import { drawForCall, type Limits } from '../limits/index.ts'
import { type ServerEvent, sendEvents } from './events.ts'
import { downloadHeaders } from './headers.ts'
import { checkText, parseParts } from './input.ts'
import { readUpload, type Upload } from './multipart.ts'

type Out<S> = S extends z.ZodType ? z.output<S> : undefined
type BodyOf<R extends Route> = R['body'] extends { schema: infer S }
  ? Out<S>
  : R['body'] extends { kind: 'raw' }
    ? Buffer
    : undefined

/** What a handler gets: everything parsed, nothing raw but the reply for cookies. */
export interface Call<R extends Route> {
  actor: R['auth'] extends 'anyone' ? Actor | null : Actor
  params: Out<R['params']>
  query: Out<R['query']>
  body: BodyOf<R>
  /** The file of a multipart body. */
  upload: R['body'] extends { kind: 'multipart' } ? Upload['file'] : undefined
  request: RequestFacts
  /** For what a call makes whose answer may be a stream. */
  once: Once
  reply: FastifyReply
}

export interface RequestFacts {
  id: string
  /** When the call arrived, in ms since 1970 with fractions. */
  receivedAt: number
  address: string
  language: string
  /** `Last-Event-ID`, for streams: the last event that the reader has. */
  lastEventId: number
  acceptsEvents: boolean
  cookies: Record<string, string>
}

/** Answers of the kinds that are not JSON. */
export interface EventReply {
  kind: 'events'
  events: AsyncIterable<ServerEvent[]>
}
export interface FileReply {
  kind: 'file'
  stream: ReturnType<typeof createReadStream> | NodeJS.ReadableStream
  mediaType: string
  fileName: string
  /** Null when it is made while it is sent. */
  sizeBytes: number | null
}
type ReplyOf<R extends Route> = R['reply'] extends { kind: 'json'; schema: infer S }
  ? S extends z.ZodType
    ? z.input<S>
    : never
  : R['reply'] extends { kind: 'json_or_stream'; schema: infer S }
    ? (S extends z.ZodType ? z.input<S> : never) | EventReply
    : R['reply'] extends { kind: 'json_or_file'; schema: infer S }
      ? (S extends z.ZodType ? z.input<S> : never) | FileReply
      : R['reply'] extends { kind: 'stream' }
        ? EventReply
        : R['reply'] extends { kind: 'file' }
          ? FileReply
          : void

export interface MountNeeds {
  http: FastifyInstance
  clock: Clock
  /** Finds who asks from the token or the cookie; null when neither is given. @throws AppError 401 for a token that is no longer good */
  authenticate: (request: FastifyRequest) => Promise<Actor | null>
  limits: Limits
  /** Without it each call is done as often as it is sent. */
  idempotency?: Idempotency
  /** Without it nothing is recorded. */
  trail?: CallTrail
  maxUploadBytes: number
}
export type Mount = <R extends Route>(route: R, handle: (call: Call<R>) => Promise<ReplyOf<R>>) => void

export const createMount = (needs: MountNeeds): Mount => {
  return (route, handle) => {
    for (const url of addressesOf(route)) {
      needs.http.route({
        method: route.method,
        url,
        // Before the body is read: 401 and 403 come before 400, and nobody unknown uploads anything.
        preParsing: async (request, reply, payload) => {
          request.actor = await admit(needs, route, { request, reply })
          request.actorId = request.actor?.id ?? null
          checkMediaType(route, request)
          return payload
        },
        handler: async (request, reply) => {
          const upload = route.body?.kind === 'multipart' ? await readFile(needs, request) : undefined
          try {
            const { call, attempt } = readCall(needs, route, { request, reply, upload })
            const carryOut = async (): Promise<unknown> => {
              const outcome = await handle(call as never)
              if (!isReplayed(reply)) await needs.trail?.done(route, request.actor, request.params)
              return outcome
            }
            // What may be a stream cannot be kept: the handler itself makes once what it makes.
            if (!attempt || !needs.idempotency || route.reply.kind === 'json_or_stream') {
              return await answer(needs, route, reply, await carryOut())
            }
            const act = async (): Promise<Kept> => textOf(route, await carryOut())
            return sendText(reply, await answerOnce(needs.idempotency, { attempt, reply }, act))
          } finally {
            upload?.discard()
          }
        },
        onResponse: async (request, reply) => needs.trail?.refused(route, request, reply.statusCode),
      })
    }
  }
}

const addressesOf = ({ prefix, path }: Route): string[] =>
  prefix === '/api' ? [`/api/v1${path}`, `/api${path}`] : [`${prefix}${path}`]

interface Exchange {
  request: FastifyRequest
  reply: FastifyReply
}

const admit = async (needs: MountNeeds, route: Route, exchange: Exchange): Promise<Actor | null> => {
  if (route.auth === 'anyone' && route.limit === 'none') return null
  const caller = await needs.authenticate(exchange.request).catch(asRefusal)
  const actor = caller instanceof AppError ? null : caller
  // Known to the trail from here on, even when the call is refused.
  exchange.request.actor = actor
  // Who is refused has called all the same, and draws as a stranger.
  await drawForCall(needs.limits, { kind: route.limit, actor }, exchange)
  // Programs send their token with every call; one that has ended keeps nobody from signing in or refreshing.
  if (caller instanceof AppError && (route.auth !== 'anyone' || caller.status !== 401)) throw caller
  if (route.auth === 'anyone') return actor
  if (!actor) throw new AppError('unauthenticated', 'Sign in first: send a bearer token or the session cookie.')
  if (actor.scopes && !actor.scopes.includes(route.scope)) {
    throw new AppError('scope_missing', `This key lacks the scope ${route.scope}.`)
  }
  if (!mayCall(actor, route)) throw new AppError('forbidden', 'Your role may not do this.')
  return actor
}

const asRefusal = (error: unknown): AppError => {
  if (error instanceof AppError && error.status < 500) return error
  throw error
}

const mayCall = (actor: Actor, { auth }: Route): boolean =>
  auth === 'signed_in' || actor.role === 'admin' || (auth === 'staff' && actor.role === 'teacher')

const readCall = (
  needs: MountNeeds,
  route: Route,
  { request, reply, upload }: Exchange & { upload: Upload | undefined },
): { call: unknown; attempt: Attempt | null } => {
  const body = upload ? upload.fields : request.body
  checkText(request.params, 'params', 0)
  checkText(request.query, 'query', 0)
  if (upload) checkText(body, '', 0)
  const parsed = parseParts([
    { where: 'params', schema: route.params, value: request.params },
    { where: 'query', schema: route.query, value: request.query },
    { where: 'body', schema: route.body && 'schema' in route.body ? route.body.schema : undefined, value: body },
  ])
  const raw = route.body?.kind === 'raw' && { body: Buffer.isBuffer(body) ? body : Buffer.alloc(0) }
  const { actor } = request
  const attempt = attemptOf(route, { request, actor }, { ...parsed, fileName: upload?.file.name })
  const once = createOnce(needs.idempotency, attempt, reply)
  return { call: { ...parsed, ...raw, actor, upload: upload?.file, request: factsOf(request), once, reply }, attempt }
}

const mediaTypes = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  raw: 'application/octet-stream',
} as const

/** A body of another kind is refused before it is read: a form from a foreign page must not pass for JSON. */
const checkMediaType = ({ body }: Route, request: FastifyRequest): void => {
  const given = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (!body || !given || given === mediaTypes[body.kind]) return
  throw new AppError('content_type_unsupported', `This call takes a body of type ${mediaTypes[body.kind]}.`)
}

const readFile = async (needs: MountNeeds, request: FastifyRequest): Promise<Upload> => {
  if (!request.headers['content-type']?.toLowerCase().startsWith('multipart/form-data')) {
    throw new AppError('content_type_unsupported', 'Send the file as multipart/form-data.')
  }
  return readUpload(request.raw, needs.maxUploadBytes)
}

const factsOf = (request: FastifyRequest): RequestFacts => ({
  id: request.id,
  receivedAt: request.receivedAt,
  address: request.ip,
  language: request.headers['accept-language']?.slice(0, 35) ?? 'en',
  lastEventId: Math.max(0, Math.trunc(Number(request.headers['last-event-id'])) || 0),
  acceptsEvents: request.headers.accept?.includes('text/event-stream') ?? false,
  cookies: cookiesOf(request),
})

/** The cookies of a request by name. */
export const cookiesOf = (request: Pick<FastifyRequest, 'headers'>): Record<string, string> =>
  Object.fromEntries(
    (request.headers.cookie ?? '').split(';').flatMap((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]]
    }),
  )

const answer = async (
  needs: MountNeeds,
  route: Route,
  reply: FastifyReply,
  outcome: unknown,
): Promise<FastifyReply> => {
  if (isKind(outcome, 'events')) {
    await sendEvents(reply, (outcome as EventReply).events, needs.clock)
    return reply
  }
  if (isKind(outcome, 'file')) return sendFile(reply, outcome as FileReply)
  return sendText(reply, textOf(route, outcome))
}

/** The schema strips what it does not name: nothing leaves by accident. A wrong shape is our bug, and a 500. */
const textOf = ({ id, reply: shape }: Route, outcome: unknown): Kept => {
  if (shape.kind === 'empty') return { status: shape.status, body: '' }
  if (!('schema' in shape)) throw new Error(`${id} gave no ${shape.kind}`)
  return { status: shape.status, body: JSON.stringify(shape.schema.parse(outcome)) }
}

const sendText = (reply: FastifyReply, { status, body }: Kept): FastifyReply => {
  if (body === '') return reply.code(status).send()
  return reply
    .code(status)
    .header('cache-control', 'private, no-store')
    .type('application/json; charset=utf-8')
    .send(body)
}

const isKind = (outcome: unknown, kind: string): boolean =>
  typeof outcome === 'object' && outcome !== null && 'kind' in outcome && outcome.kind === kind

const sendFile = (reply: FastifyReply, { stream, mediaType, fileName, sizeBytes }: FileReply): FastifyReply =>
  reply
    .headers(downloadHeaders)
    .type(mediaType)
    .headers(sizeBytes === null ? {} : { 'content-length': sizeBytes })
    .header(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, asPercent)}`,
    )
    .send(stream)

/** Characters that `encodeURIComponent` leaves and RFC 8187 does not allow. */
const asPercent = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase()}`

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null
  }
}

/** The HTTP server without its routes: ids, bodies, headers, errors and the request log. */

import { limits } from '@lyceum/contract/limits'
import Fastify, { type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import type { Logger } from 'pino'
import { uuidv7 } from 'uuidv7'
import { AppError } from '../errors.ts'
import { answerClientError } from './client-error.ts'
import { headersOf } from './headers.ts'
import { parseForm, parseJson } from './input.ts'
import { sendProblem } from './problem.ts'
import { type FinishedCall, watchCalls } from './watch-calls.ts'

export type { FastifyInstance as Http } from 'fastify'

export interface HttpOptions {
  log: Logger
  /** Whether `X-Forwarded-*` is believed: only behind a proxy that sets it. */
  trustProxy: boolean
  /** Told of each call when it is over. */
  countCall?: (call: FinishedCall) => void
}

const requestIdShape = /^[\w.-]{1,128}$/

export const createHttp = ({ log, trustProxy, countCall = () => undefined }: HttpOptions): FastifyInstance => {
  const http = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    // Of the addresses in the header only the one that the proxy added: those before it are the caller's own words.
    trustProxy: trustProxy && ((_address: string, hop: number) => hop === 0),
    bodyLimit: limits.jsonBodyBytes,
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && requestIdShape.test(given) ? given : uuidv7()
    },
    // These never reach a route, and so no hook either.
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply.headers(headersOf(request))),
    clientErrorHandler: answerClientError,
  }) as unknown as FastifyInstance

  http.removeAllContentTypeParsers()
  http.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => (body.length === 0 ? undefined : parseJson(body)),
  )
  // The handler reads the stream itself.
  http.addContentTypeParser('multipart/form-data', async () => undefined)
  http.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => parseForm(body),
  )
  http.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => body,
  )

  http.addHook('onRequest', async (request, reply) => {
    request.receivedAt = performance.timeOrigin + performance.now()
    reply.headers(headersOf(request))
  })
  watchCalls(http, (request, call) => {
    countCall(call)
    request.log.info({ ...call, userId: request.actorId ?? undefined }, 'request')
  })
  http.decorateRequest('actorId', null)
  http.decorateRequest('actor', null)
  http.decorateRequest('receivedAt', 0)
  http.decorateRequest('fault', null)
  http.setErrorHandler((error, request, reply) => sendProblem(error, request, reply))
  http.setNotFoundHandler((request, reply) =>
    sendProblem(new AppError('not_found', 'There is nothing at this address.'), request, reply),
  )
  return http
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once the caller is known; for the request log. */
    actorId: string | null
    /** When the call arrived, in ms since 1970 with fractions. */
    receivedAt: number
  }
}

/** Tells of each call once when it is over: answered, or left by its caller before that. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

export interface FinishedCall {
  method: string
  /** The route's pattern, never the address that was asked for: that may hold anything. */
  route: string
  status: number
  ms: number
  /** Of the answer; of one without a length, such as a stream, with its head. */
  bytes: number
  /** The connection ended before the answer did. */
  aborted?: true
}

type Tell = (request: FastifyRequest, call: FinishedCall) => void

export const watchCalls = (http: FastifyInstance, tell: Tell): void => {
  const sentBefore = new WeakMap<FastifyRequest, number>()
  const finish = (request: FastifyRequest, reply: FastifyReply, isAborted: boolean): void => {
    const before = sentBefore.get(request)
    if (before === undefined) return
    sentBefore.delete(request)
    tell(request, {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.raw.statusCode,
      ms: Math.round(reply.elapsedTime),
      bytes: bytesOf(reply, sentOn(request) - before),
      ...(isAborted && { aborted: true }),
    })
  }
  http.addHook('onRequest', async (request, reply) => {
    sentBefore.set(request, sentOn(request))
    // Who leaves early is told of by no hook: the answer is never finished.
    reply.raw.once('close', () => finish(request, reply, !reply.raw.writableFinished))
  })
  http.addHook('onResponse', async (request, reply) => finish(request, reply, false))
}

/** A connection may have carried other calls before. */
const sentOn = ({ raw }: FastifyRequest): number => raw.socket?.bytesWritten ?? 0

const bytesOf = (reply: FastifyReply, sent: number): number => {
  const length = reply.getHeader('content-length')
  if (length !== undefined) return Number(length)
  return reply.raw.statusCode === 204 || reply.raw.statusCode === 304 ? 0 : sent
}

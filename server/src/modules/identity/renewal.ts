/** A session in use never falls out of its token: near the end of one its next is sent along. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '#platform/actor.ts'
import { accessCookie, setCookies } from './cookies.ts'
import { type SessionNeeds, signAccess } from './sessions.ts'

/** The last part of a token's life, in which its next is sent. */
const lastPart = 0.2
const pauseMs = 60_000
const rememberAtMost = 10_000

/**
 * Answers to a bearer token near its end carry `X-New-Token`, and those to a cookie a new cookie: one a minute for each
 * session in a process. The old token stays good to its end.
 */
export const renewalHttp = (http: FastifyInstance, needs: SessionNeeds): void => {
  const lastSent = new Map<string, number>()

  const isDue = ({ sessionId, expiresAt }: Actor): boolean => {
    const now = needs.clock.now().getTime()
    if (!sessionId || !expiresAt || expiresAt.getTime() - now > needs.ttl.accessTtlSeconds * 1000 * lastPart)
      return false
    if (now - (lastSent.get(sessionId) ?? 0) < pauseMs) return false
    if (lastSent.size >= rememberAtMost) lastSent.clear()
    lastSent.set(sessionId, now)
    return true
  }

  http.addHook('preHandler', async ({ actor, headers }: FastifyRequest, reply: FastifyReply) => {
    if (actor?.kind !== 'person' || !actor.sessionId || !isDue(actor)) return
    const token = await signAccess(needs, actor, actor.sessionId)
    if (headers.authorization !== undefined) reply.header('x-new-token', token)
    else setCookies(reply, [[accessCookie, token, needs.ttl.accessTtlSeconds, '/']])
  })
}

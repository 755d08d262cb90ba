/** The browser's session: tokens in cookies that no script can read. */
import type { SignedIn } from '@lyceum/contract/identity'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '#platform/errors.ts'
import type { Tokens } from './sessions.ts'

export const accessCookie = 'lyceum_access'
export const refreshCookie = 'lyceum_refresh'

export interface CookieNeeds {
  ttl: { accessTtlSeconds: number; refreshTtlSeconds: number }
}

/** Puts the tokens where the caller wants them: into the body, or into cookies and out of the body. */
export const deliver = (
  reply: FastifyReply,
  { ttl }: CookieNeeds,
  kind: 'token' | 'cookie',
  tokens: Tokens,
): SignedIn => {
  if (kind === 'token') return tokens
  setCookies(reply, [
    [accessCookie, tokens.accessToken, ttl.accessTtlSeconds, '/'],
    [refreshCookie, tokens.refreshToken, ttl.refreshTtlSeconds, '/api'],
  ])
  return { user: tokens.user, expiresInSeconds: tokens.expiresInSeconds }
}

export const clearCookies = (reply: FastifyReply): void =>
  setCookies(reply, [
    [accessCookie, '', 0, '/'],
    [refreshCookie, '', 0, '/api'],
  ])

export const setCookies = (
  reply: FastifyReply,
  cookies: [name: string, value: string, maxAge: number, path: string][],
): void => {
  const secure = reply.request.protocol === 'https' ? '; Secure' : ''
  reply.header(
    'set-cookie',
    cookies.map(
      ([name, value, maxAge, path]) =>
        `${name}=${value}; Max-Age=${maxAge}; Path=${path}; HttpOnly; SameSite=Lax${secure}`,
    ),
  )
}

/**
 * A write by cookie must come from our own page: the browser says where a request comes from, and no page can change that.
 * @throws AppError `origin_refused`
 */
export const checkOrigin = (request: FastifyRequest): void => {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const { origin, 'sec-fetch-site': site } = request.headers
  const isOwn =
    origin === undefined
      ? site === undefined || site === 'same-origin' || site === 'none'
      : hostOf(origin) === request.host
  if (!isOwn) throw new AppError('origin_refused', 'This call came from another site.')
}

const hostOf = (origin: string): string | null => URL.parse(origin)?.host ?? null

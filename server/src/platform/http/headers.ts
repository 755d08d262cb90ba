import type { FastifyRequest } from 'fastify'

/** Headers of every answer. The page may load only what this server sends. */
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  // KaTeX and the page marks set positions inline; no script can come in that way.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

export const securityHeaders: Record<string, string> = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(self)',
}

/** What every answer to a request carries; behind TLS browsers are told to stay there. */
export const headersOf = ({ id, protocol }: Pick<FastifyRequest, 'id' | 'protocol'>): Record<string, string> => ({
  ...securityHeaders,
  'x-request-id': id,
  ...(protocol === 'https' && { 'strict-transport-security': 'max-age=31536000' }),
})

/** For files that people gave: shown by nobody here, only downloaded. */
export const downloadHeaders = {
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'private, no-store',
}

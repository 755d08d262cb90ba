import { z } from 'zod'
import { Id, Timestamp } from './ids.ts'
import { empty, json, jsonBody, route } from './route.ts'

export const Role = z.enum(['student', 'teacher', 'admin'])
export type Role = z.infer<typeof Role>
export const Tier = z.enum(['free', 'pro', 'enterprise'])
export type Tier = z.infer<typeof Tier>

export const User = z.object({
  id: Id,
  email: z.string(),
  name: z.string(),
  role: Role,
  tier: Tier,
  createdAt: Timestamp,
})
export type User = z.infer<typeof User>

/** 8 to 128 characters with upper and lower case and a digit or symbol. */
export const Password = z
  .string()
  .min(8, 'Use at least 8 characters.')
  .max(128, 'Use at most 128 characters.')
  .refine((text) => /\p{Lu}/u.test(text) && /\p{Ll}/u.test(text), 'Use upper and lower case letters.')
  .refine((text) => /[\p{N}\p{P}\p{S}]/u.test(text), 'Use at least one digit or symbol.')

/** Addresses are compared without regard to case. */
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email('This is not an e-mail address.'))

/** `cookie` puts the tokens into HttpOnly cookies and leaves them out of the body. */
const SessionKind = z.enum(['token', 'cookie']).default('token')

export const Registration = z.object({
  email: Email,
  password: Password,
  name: z.string().trim().max(200).optional(),
  /** What is wished for; everyone begins as a student. */
  role: z.enum(['student', 'teacher']).optional(),
  /** The one-time code of the set-up link for the first account; later a code sent by mail. */
  code: z.string().trim().max(100).optional(),
  session: SessionKind,
})
export type Registration = z.infer<typeof Registration>

export const Login = z.object({
  email: z.string().trim().toLowerCase().max(254),
  password: z.string().max(1000),
  /** A code of the second factor, or a recovery code, where one is on. */
  totp: z.string().trim().max(100).optional(),
  session: SessionKind,
})
export type Login = z.infer<typeof Login>

export const Refresh = z.object({ refreshToken: z.string().max(500).optional(), session: SessionKind })
export type Refresh = z.infer<typeof Refresh>

/** Tokens are absent when the session is kept in cookies. */
export const SignedIn = z.object({
  user: User,
  accessToken: z.string().optional(),
  refreshToken: z.string().optional(),
  expiresInSeconds: z.int(),
})
export type SignedIn = z.infer<typeof SignedIn>

export const SetupState = z.object({ needsSetup: z.boolean() })

const account = { scope: 'account' } as const
export const identityRoutes = {
  setup: route({
    ...account,
    id: 'getSetup',
    method: 'GET',
    path: '/auth/setup',
    auth: 'anyone',
    summary: 'Whether the first account is still to be made',
    reply: json(SetupState),
  }),
  register: route({
    ...account,
    id: 'register',
    method: 'POST',
    path: '/auth/register',
    auth: 'anyone',
    limit: 'credentials',
    audit: 'account.registered',
    summary: 'Make an account',
    body: jsonBody(Registration),
    reply: json(SignedIn, 201),
  }),
  login: route({
    ...account,
    id: 'login',
    method: 'POST',
    path: '/auth/login',
    auth: 'anyone',
    limit: 'credentials',
    audit: 'session.opened',
    summary: 'Sign in',
    body: jsonBody(Login),
    reply: json(SignedIn),
  }),
  refresh: route({
    ...account,
    id: 'refresh',
    method: 'POST',
    path: '/auth/refresh',
    auth: 'anyone',
    limit: 'credentials',
    summary: 'Exchange a refresh token for a new pair',
    body: jsonBody(Refresh),
    reply: json(SignedIn),
  }),
  logout: route({
    ...account,
    id: 'logout',
    method: 'POST',
    path: '/auth/logout',
    auth: 'signed_in',
    audit: 'session.closed',
    summary: 'End this session',
    reply: empty(),
  }),
  me: route({
    ...account,
    id: 'getMe',
    method: 'GET',
    path: '/auth/me',
    auth: 'signed_in',
    summary: 'Who is signed in',
    reply: json(z.object({ user: User })),
  }),
  tokenStatus: route({
    ...account,
    id: 'getTokenStatus',
    method: 'GET',
    path: '/auth/token-status',
    auth: 'signed_in',
    summary: 'Seconds until the access token ends',
    reply: json(z.object({ expiresInSeconds: z.int() })),
  }),
}

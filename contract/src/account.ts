/** What proves that a person is who they say: codes by mail, passwords, sessions, a second factor, and keys for programs. */
import { z } from 'zod'
import { Email, Password } from './identity.ts'
import { Id, Timestamp } from './ids.ts'
import { empty, json, jsonBody, route } from './route.ts'

/** Six digits, sent by mail. */
const MailedCode = z.string().trim().max(100)

export const CodeRequest = z.object({
  email: Email,
  /** `change_email` and `confirm` are for who is signed in: to the new address, or to the own one. */
  purpose: z.enum(['register', 'reset_password', 'change_email', 'confirm']),
})
export type CodeRequest = z.infer<typeof CodeRequest>

export const PasswordReset = z.object({ email: Email, code: MailedCode, newPassword: Password })
export type PasswordReset = z.infer<typeof PasswordReset>

/** The old password, or a code of the purpose `confirm`. */
export const PasswordChange = z
  .object({ currentPassword: z.string().max(1000).optional(), code: MailedCode.optional(), newPassword: Password })
  .refine(({ currentPassword, code }) => (currentPassword === undefined) !== (code === undefined), {
    path: ['currentPassword'],
    message: 'Send either the current password or a code.',
  })
export type PasswordChange = z.infer<typeof PasswordChange>

export const EmailChange = z.object({ newEmail: Email, code: MailedCode, password: z.string().max(1000) })
export type EmailChange = z.infer<typeof EmailChange>

/** One sign-in on one device. */
export const Session = z.object({
  id: Id,
  kind: z.enum(['token', 'cookie']),
  device: z.string(),
  address: z.string(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp,
  expiresAt: Timestamp,
  /** Whether it is the one that asks. */
  current: z.boolean(),
})
export type Session = z.infer<typeof Session>

/** What a key may carry: nothing that is about the account itself. */
export const GrantableScope = z.enum(['documents:read', 'documents:write', 'chat', 'admin'])

export const Key = z.object({
  id: Id,
  name: z.string(),
  /** Its first characters, by which people tell theirs apart. */
  start: z.string(),
  scopes: z.array(z.string()),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
})
export type Key = z.infer<typeof Key>

export const NewKey = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(GrantableScope).min(1).max(GrantableScope.options.length),
  expiresInDays: z.int().min(1).max(365),
})
export type NewKey = z.infer<typeof NewKey>

export const SecondFactorState = z.object({ enabled: z.boolean(), recoveryCodesLeft: z.int() })
export const SecondFactorSecret = z.object({
  /** In base32, to be typed where no picture can be read. */
  secret: z.string(),
  /** For the picture that authenticator apps read. */
  uri: z.string(),
})
export const SecondFactorCode = z.object({ code: z.string().trim().max(100) })
/** The code may be a recovery code. */
export const SecondFactorRemoval = z.object({ password: z.string().max(1000), code: z.string().trim().max(100) })
export type SecondFactorRemoval = z.infer<typeof SecondFactorRemoval>

/** Public keys as RFC 7517 has them. */
const KeySet = z.object({
  keys: z.array(
    z.object({
      kty: z.string(),
      crv: z.string(),
      x: z.string(),
      kid: z.string(),
      alg: z.string(),
      use: z.literal('sig'),
    }),
  ),
})

const ById = z.object({ id: Id })
const credentials = { scope: 'account', limit: 'credentials' } as const
const own = { scope: 'account', auth: 'signed_in' } as const

export const accountRoutes = {
  requestCode: route({
    ...credentials,
    id: 'requestVerificationCode',
    method: 'POST',
    path: '/auth/verification-codes',
    auth: 'anyone',
    summary: 'Send a code to an address; the answer never tells whether it is known',
    body: jsonBody(CodeRequest),
    reply: empty(202),
  }),
  resetPassword: route({
    ...credentials,
    id: 'resetPassword',
    method: 'POST',
    path: '/auth/password/reset',
    auth: 'anyone',
    audit: 'password.reset',
    summary: 'Set a new password with a code that was sent by mail; all sessions end',
    body: jsonBody(PasswordReset),
    reply: empty(),
  }),
  changePassword: route({
    ...own,
    limit: 'credentials',
    id: 'changePassword',
    method: 'POST',
    path: '/auth/password/change',
    audit: 'password.changed',
    summary: 'Set a new password; all other sessions end',
    body: jsonBody(PasswordChange),
    reply: empty(),
  }),
  changeEmail: route({
    ...own,
    limit: 'credentials',
    id: 'changeEmail',
    method: 'POST',
    path: '/auth/email/change',
    audit: 'email.changed',
    summary: 'Use another address, with a code that was sent to it',
    body: jsonBody(EmailChange),
    reply: empty(),
  }),
  listSessions: route({
    ...own,
    id: 'listSessions',
    method: 'GET',
    path: '/users/me/sessions',
    summary: 'Where one is signed in',
    reply: json(z.object({ items: z.array(Session) })),
  }),
  endSession: route({
    ...own,
    id: 'endSession',
    method: 'DELETE',
    path: '/users/me/sessions/:id',
    audit: 'session.revoked',
    summary: 'Sign out on one device',
    params: ById,
    reply: empty(),
  }),
  endOtherSessions: route({
    ...own,
    id: 'endOtherSessions',
    method: 'DELETE',
    path: '/users/me/sessions',
    audit: 'sessions.revoked',
    summary: 'Sign out everywhere else',
    reply: empty(),
  }),
  listKeys: route({
    ...own,
    id: 'listKeys',
    method: 'GET',
    path: '/users/me/keys',
    summary: 'Keys for programs, without what is secret in them',
    reply: json(z.object({ items: z.array(Key) })),
  }),
  createKey: route({
    ...own,
    id: 'createKey',
    method: 'POST',
    path: '/users/me/keys',
    audit: 'key.created',
    summary: 'Make a key for a program; it is shown this once',
    body: jsonBody(NewKey),
    reply: json(Key.extend({ key: z.string() }), 201),
  }),
  revokeKey: route({
    ...own,
    id: 'revokeKey',
    method: 'DELETE',
    path: '/users/me/keys/:id',
    audit: 'key.revoked',
    summary: 'End a key',
    params: ById,
    reply: empty(),
  }),
  getSecondFactor: route({
    ...own,
    id: 'getSecondFactor',
    method: 'GET',
    path: '/users/me/totp',
    summary: 'Whether a second factor is on',
    reply: json(SecondFactorState),
  }),
  startSecondFactor: route({
    ...own,
    id: 'startSecondFactor',
    method: 'POST',
    path: '/users/me/totp',
    summary: 'Make the secret of a second factor; it is in force once it is confirmed',
    reply: json(SecondFactorSecret, 201),
  }),
  confirmSecondFactor: route({
    ...own,
    limit: 'credentials',
    id: 'confirmSecondFactor',
    method: 'POST',
    path: '/users/me/totp/confirm',
    audit: 'second_factor.enabled',
    summary: 'Turn the second factor on with a first code; the recovery codes are shown this once',
    body: jsonBody(SecondFactorCode),
    reply: json(z.object({ recoveryCodes: z.array(z.string()) })),
  }),
  removeSecondFactor: route({
    ...own,
    limit: 'credentials',
    id: 'removeSecondFactor',
    method: 'DELETE',
    path: '/users/me/totp',
    audit: 'second_factor.disabled',
    summary: 'Turn the second factor off',
    body: jsonBody(SecondFactorRemoval),
    reply: empty(),
  }),
  keySet: route({
    scope: 'account',
    limit: 'none',
    id: 'getKeySet',
    method: 'GET',
    prefix: '/.well-known',
    path: '/jwks.json',
    auth: 'anyone',
    summary: 'The public keys that access tokens are checked with',
    reply: json(KeySet),
  }),
}

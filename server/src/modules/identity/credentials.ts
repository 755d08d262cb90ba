/** Passwords and addresses are changed here. Whoever held the account by the old ones is signed out. */
import type { EmailChange, PasswordChange, PasswordReset } from '@lyceum/contract/account'
import { eq, sql } from 'drizzle-orm'
import { type Actor, scopeOf } from '#platform/actor.ts'
import type { Doer } from '#platform/audit/index.ts'
import { isSqlState, uniqueViolation } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import type { AccountNeeds } from './accounts.ts'
import { spendCode } from './codes.ts'
import { checkPassword } from './common-passwords.ts'
import { type GuardNeeds, guardOf } from './guard.ts'
import { mailLanguage, type Topic, writeMessage } from './messages.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { announceEnds, endSessions } from './sessions.ts'
import { type UserRow, users } from './tables.ts'
import { findByEmail, ownAccount } from './users.ts'

/** Where a call comes from. */
interface Origin {
  address: string | null
  language: string
}

/**
 * Sets a new password with a code that was sent by mail; all sessions end.
 * @throws AppError `code_invalid`, the same for an unknown address; `rate_limited`
 */
export const resetPassword = async (
  needs: AccountNeeds,
  input: PasswordReset,
  from: Origin & { id: string },
): Promise<void> => {
  const { email, code, newPassword } = input
  // By the address alone: the name would tell whether it is known.
  checkPassword(newPassword, { email }, 'newPassword')
  await spendCode(needs, { email, purpose: 'reset_password', code }, from.address)
  const found = await findByEmail(needs.db, email)
  if (!found?.active) throw new AppError('code_invalid', 'This code is wrong, was used or is old.')
  const by = { id: found.id, institutionId: found.institutionId, requestId: from.id, address: from.address }
  await setPassword(needs, found, { newPassword, keptSessionId: null, isVerified: true, by })
  // Who reads the mail of the account is its owner: failed tries of others do not keep them out.
  await accountGuard(needs, email, null)
    .pass()
    .catch(() => undefined)
  notify(needs, 'password_changed', email, from)
}

/**
 * Sets a new password with the old one, or with a code of the purpose `confirm`; all other sessions end.
 * @throws AppError `password_wrong`, `code_invalid`, `rate_limited`
 */
export const changePassword = async (needs: AccountNeeds, actor: Actor, input: PasswordChange): Promise<void> => {
  const account = await ownAccount(needs.db, actor)
  checkPassword(input.newPassword, account, 'newPassword')
  if (input.code === undefined) await provePassword(needs, account, input.currentPassword ?? '', actor)
  else await spendCode(needs, { email: account.email, purpose: 'confirm', code: input.code }, actor.address)
  const { newPassword } = input
  await setPassword(needs, account, { newPassword, keptSessionId: actor.sessionId, isVerified: false })
  notify(needs, 'password_changed', account.email, actor)
}

/**
 * Gives the account another address, with a code that was sent there.
 * @throws AppError `password_wrong`, `code_invalid`, `rate_limited`, `email_taken`
 */
export const changeEmail = async (needs: AccountNeeds, actor: Actor, input: EmailChange): Promise<void> => {
  const account = await ownAccount(needs.db, actor)
  await provePassword(needs, account, input.password, actor)
  await spendCode(needs, { email: input.newEmail, purpose: 'change_email', code: input.code }, actor.address)
  const now = needs.clock.now()
  try {
    await needs.db.as(scopeOf(actor), (db) =>
      db
        .update(users)
        .set({ email: input.newEmail, emailVerifiedAt: now, updatedAt: now, version: sql`${users.version} + 1` })
        .where(eq(users.id, actor.id)),
    )
  } catch (error) {
    if (!isSqlState(error, uniqueViolation, 'users_email')) throw error
    throw new AppError('email_taken', 'There is another account with this address.', { cause: error })
  }
  notify(needs, 'email_changed', account.email, actor)
}

/**
 * That who is signed in knows the password of the account.
 * @throws AppError `password_wrong`, `rate_limited`
 */
export const provePassword = async (
  needs: GuardNeeds,
  account: Pick<UserRow, 'email' | 'passwordHash'>,
  password: string,
  { address }: Pick<Actor, 'address'>,
): Promise<void> => {
  const guard = accountGuard(needs, account.email, address)
  await guard.check()
  if (!(await isPassword(account.passwordHash, password))) {
    await guard.fail(new AppError('password_wrong', 'This is not the password of your account.'))
  }
  await guard.pass()
}

/** Counts tries at the password of an account, wherever it is asked for. */
export const accountGuard = (needs: GuardNeeds, email: string, address: string | null) =>
  guardOf(needs, `account ${email}`, address)

const setPassword = async (
  needs: AccountNeeds,
  account: UserRow,
  /** `by` says who it was where nobody is signed in, for the audit trail. */
  set: { newPassword: string; keptSessionId: string | null; isVerified: boolean; by?: Doer },
): Promise<void> => {
  const passwordHash = await hashPassword(set.newPassword)
  const now = needs.clock.now()
  await needs.db.as(scopeOf(account), async (db, after) => {
    await db
      .update(users)
      .set({
        passwordHash,
        updatedAt: now,
        version: sql`${users.version} + 1`,
        ...(set.isVerified && {
          emailVerifiedAt: sql`coalesce(${users.emailVerifiedAt}, ${now.toISOString()}::timestamptz)`,
        }),
      })
      .where(eq(users.id, account.id))
    if (set.by) await needs.audit.record(db, set.by, { action: 'password.reset' })
    const ended = await endSessions(db, account.id, { exceptId: set.keptSessionId, now })
    after(() => announceEnds(needs, ended))
  })
}

/** Tells the person at the address that they had, so that nobody changes these things unseen. */
const notify = ({ mailer }: AccountNeeds, topic: Topic, to: string, { language }: Pick<Origin, 'language'>): void =>
  mailer.post(async () => writeMessage(topic, { to, language: mailLanguage(language) }))

/** A second factor: codes of an authenticator app, and recovery codes for who has lost it. */
import { randomBytes } from 'node:crypto'
import type { SecondFactorRemoval } from '@lyceum/contract/account'
import { and, count, eq, isNotNull, isNull, lt, or } from 'drizzle-orm'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { one } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import { provePassword } from './credentials.ts'
import { type GuardNeeds, guardOf } from './guard.ts'
import type { SecretKey } from './secret-key.ts'
import { hashOf } from './secrets.ts'
import { recoveryCodes, type UserRow, users } from './tables.ts'
import { base32, matchTotp, newTotpSecret, totpUri } from './totp.ts'
import { ownAccount } from './users.ts'

export interface SecondFactorNeeds extends GuardNeeds {
  secretKey: SecretKey
}

const recoveryCount = 10
/** 80 bits: too many to try, so that a plain hash is enough. */
const recoveryBytes = 10

export const secondFactorState = (
  { db }: SecondFactorNeeds,
  actor: Actor,
): Promise<{ enabled: boolean; recoveryCodesLeft: number }> =>
  db.as(scopeOf(actor), async (db) => {
    const { at } = one(await db.select({ at: users.totpConfirmedAt }).from(users).where(eq(users.id, actor.id)))
    const left = await db
      .select({ count: count() })
      .from(recoveryCodes)
      .where(and(eq(recoveryCodes.userId, actor.id), isNull(recoveryCodes.usedAt)))
    return { enabled: at !== null, recoveryCodesLeft: one(left).count }
  })

/**
 * Makes a secret, in the place of one that was never confirmed.
 * @throws AppError `second_factor_enabled`
 */
export const startSecondFactor = async (
  { db, secretKey }: SecondFactorNeeds,
  actor: Actor,
): Promise<{ secret: string; uri: string }> => {
  const secret = newTotpSecret()
  const [account] = await db.as(scopeOf(actor), (db) =>
    db
      .update(users)
      .set({ totpSecret: secretKey.seal(secret, actor.id), totpLastStep: null })
      .where(and(eq(users.id, actor.id), isNull(users.totpConfirmedAt)))
      .returning({ email: users.email }),
  )
  if (!account) throw new AppError('second_factor_enabled', 'The second factor is on. Turn it off first.')
  return { secret: base32(secret), uri: totpUri(secret, account.email) }
}

/**
 * Turns it on with a first code.
 * @returns the recovery codes, of which only hashes are kept
 * @throws AppError `code_invalid`, `second_factor_enabled`
 */
export const confirmSecondFactor = async (
  needs: SecondFactorNeeds,
  actor: Actor,
  code: string,
): Promise<{ recoveryCodes: string[] }> => {
  const account = await ownAccount(needs.db, actor)
  if (account.totpConfirmedAt) throw new AppError('second_factor_enabled', 'The second factor is on already.')
  const now = needs.clock.now()
  const step = account.totpSecret && matchTotp(secretOf(needs, account), digitsOf(code), now)
  if (step === null) throw new AppError('code_invalid', 'This is not the code that the app shows now.')
  const made = Array.from({ length: recoveryCount }, newRecoveryCode)
  const owner = { institutionId: account.institutionId, userId: account.id }
  await needs.db.as(scopeOf(actor), async (db) => {
    const confirmed = await db
      .update(users)
      .set({ totpConfirmedAt: now, totpLastStep: step })
      .where(
        and(
          eq(users.id, actor.id),
          isNull(users.totpConfirmedAt),
          eq(users.totpSecret, account.totpSecret ?? Buffer.alloc(0)),
        ),
      )
      .returning({ id: users.id })
    if (confirmed.length === 0) throw new AppError('code_invalid', 'There is a newer secret. Use its code.')
    await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, actor.id))
    await db
      .insert(recoveryCodes)
      .values(made.map((each) => ({ ...owner, codeHash: hashOfRecovery(each), createdAt: now })))
  })
  return { recoveryCodes: made }
}

/** @throws AppError `password_wrong`, `second_factor_invalid`, `rate_limited` */
export const removeSecondFactor = async (
  needs: SecondFactorNeeds,
  actor: Actor,
  { password, code }: SecondFactorRemoval,
): Promise<void> => {
  const account = await ownAccount(needs.db, actor)
  await provePassword(needs, account, password, actor)
  if (account.totpConfirmedAt) await proveSecondFactor(needs, account, code, actor.address)
  await needs.db.as(scopeOf(actor), async (db) => {
    await db
      .update(users)
      .set({ totpSecret: null, totpConfirmedAt: null, totpLastStep: null })
      .where(eq(users.id, actor.id))
    await db.delete(recoveryCodes).where(eq(recoveryCodes.userId, actor.id))
  })
}

/**
 * That who signs in has the second factor. Tries are counted apart from those at the password, which who got this far
 * knows and could use to begin the count again.
 * @throws AppError `second_factor_required`, `second_factor_invalid`, `rate_limited`
 */
export const proveSecondFactor = async (
  needs: SecondFactorNeeds,
  account: UserRow,
  code: string | undefined,
  address: string | null,
): Promise<void> => {
  const subject = { id: account.id, institutionId: account.institutionId }
  if (code === undefined) {
    throw new AppError('second_factor_required', 'Send the code of your second factor along.', { subject })
  }
  const guard = guardOf(needs, `second factor ${account.id}`, address)
  await guard.check()
  const given = digitsOf(code)
  const isRight = /^\d{6}$/.test(given)
    ? await spendTotp(needs, account, given)
    : await spendRecovery(needs, account, code)
  if (!isRight) await guard.fail(new AppError('second_factor_invalid', 'This code is wrong or was used.', { subject }))
  await guard.pass()
}

/** None is good twice: of two with the same code the statement lets one through. */
const spendTotp = async (needs: SecondFactorNeeds, account: UserRow, code: string): Promise<boolean> => {
  const step = matchTotp(secretOf(needs, account), code, needs.clock.now())
  if (step === null) return false
  const spent = await needs.db.as(scopeOf(account), (db) =>
    db
      .update(users)
      .set({ totpLastStep: step })
      .where(
        and(
          eq(users.id, account.id),
          isNotNull(users.totpConfirmedAt),
          or(isNull(users.totpLastStep), lt(users.totpLastStep, step)),
        ),
      )
      .returning({ id: users.id }),
  )
  return spent.length > 0
}

const spendRecovery = async ({ db, clock }: SecondFactorNeeds, account: UserRow, code: string): Promise<boolean> => {
  const spent = await db.as(scopeOf(account), (db) =>
    db
      .update(recoveryCodes)
      .set({ usedAt: clock.now() })
      .where(
        and(
          eq(recoveryCodes.codeHash, hashOfRecovery(code)),
          eq(recoveryCodes.userId, account.id),
          isNull(recoveryCodes.usedAt),
        ),
      )
      .returning({ userId: recoveryCodes.userId }),
  )
  return spent.length > 0
}

const secretOf = ({ secretKey }: SecondFactorNeeds, { id, totpSecret }: UserRow): Buffer => {
  try {
    return secretKey.unseal(totpSecret ?? Buffer.alloc(0), id)
  } catch (cause) {
    throw new Error('A second factor was sealed with another key: put back the secrets.key or SECRETS_KEY of then.', {
      cause,
    })
  }
}

/** Apps show the code in two groups, and people type it so. */
const digitsOf = (code: string): string => code.replace(/[\s-]/g, '')

/** Such as `K3QX-7MZP-2VNA-ELTR`. */
const newRecoveryCode = (): string => base32(randomBytes(recoveryBytes)).match(/.{4}/g)?.join('-') ?? ''
const hashOfRecovery = (code: string): string => hashOf(code.replace(/[\s-]/g, '').toUpperCase())

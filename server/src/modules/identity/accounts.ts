/** Accounts: the first one by the set-up link or the settings, the others by registration. */
import type { Login, Registration } from '@lyceum/contract/identity'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import type { Database, Db } from '#platform/db/index.ts'
import { isSqlState, one, uniqueViolation } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import { type CodeNeeds, spendCode } from './codes.ts'
import { checkPassword } from './common-passwords.ts'
import { accountGuard } from './credentials.ts'
import { defaultInstitutionId } from './institutions.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { proveSecondFactor } from './second-factor.ts'
import { hashOf, newSecret } from './secrets.ts'
import { type Device, doerOf, openSession, type SessionNeeds, signIn, type Tokens } from './sessions.ts'
import { setupCodes, type UserRow, users } from './tables.ts'
import { findByEmail } from './users.ts'

export interface AccountNeeds extends SessionNeeds, CodeNeeds {
  defaultTier: UserRow['tier']
  requireEmailVerification: boolean
}
type NewAccount = Pick<Registration, 'email' | 'password' | 'name'>

/** Whether nobody has made the first account yet. */
export const needsSetup = (db: Database): Promise<boolean> => db.door(async (db) => !(await hasAdmin(db)))

const hasAdmin = async (db: Db): Promise<boolean> => {
  const admins = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'admin'), isNull(users.deletedAt)))
    .limit(1)
  return admins.length > 0
}

/** A code for the set-up link, or null when there is an admin already. Each start makes one; the first use ends them all. */
export const makeSetupCode = (db: Database): Promise<string | null> =>
  db.door(async (db) => {
    if (await hasAdmin(db)) return null
    const code = newSecret()
    await db.insert(setupCodes).values({ codeHash: hashOf(code) })
    return code
  })

/** Makes the admin that the settings name, unless the address has an account. */
export const ensureAdmin = async (needs: AccountNeeds, admin: { email: string; password: string }): Promise<void> => {
  const found = await findByEmail(needs.db, admin.email)
  if (found) return
  const passwordHash = await hashPassword(admin.password)
  const row = accountRow(needs, { ...admin, name: undefined }, passwordHash, 'admin')
  await needs.db.as({ institutionId: row.institutionId, personId: row.id }, (db) =>
    db.insert(users).values(row).onConflictDoNothing(),
  )
}

/**
 * Makes an account and signs it in. The first one needs the code of the set-up link and becomes the admin.
 * @throws AppError `setup_required`, `setup_code_invalid`, `code_invalid`, `email_taken`
 */
export const register = async (needs: AccountNeeds, input: Registration, device: Device): Promise<Tokens> => {
  const isFirst = await needsSetup(needs.db)
  if (isFirst && !input.code) {
    throw new AppError(
      'setup_required',
      'The first account is made with the set-up link that the server printed when it started.',
    )
  }
  checkPassword(input.password, input, 'password')
  const isVerified = !isFirst && (await proveAddress(needs, input, device.address))
  const passwordHash = await hashPassword(input.password)
  const row = {
    ...accountRow(needs, input, passwordHash, isFirst ? 'admin' : 'student'),
    emailVerifiedAt: isVerified ? needs.clock.now() : null,
  }
  try {
    const { user, session } = await needs.db.as({ institutionId: row.institutionId, personId: row.id }, async (db) => {
      if (isFirst) await spendSetupCode(db, input.code ?? '')
      const user = one(await db.insert(users).values(row).returning())
      await needs.audit.record(db, doerOf(user, device), { action: 'account.registered' })
      return { user, session: await openSession(db, needs, user, device) }
    })
    return await signIn(needs, user, session)
  } catch (error) {
    if (!isSqlState(error, uniqueViolation, 'users_email')) throw error
    throw new AppError('email_taken', 'There is an account with this address. Sign in instead.', { cause: error })
  }
}

/** A code that is given is checked, always. Says whether the address is proved. */
const proveAddress = async (needs: AccountNeeds, { email, code }: Registration, address: string): Promise<boolean> => {
  if (code) {
    await spendCode(needs, { email, purpose: 'register', code }, address)
    return true
  }
  if (!needs.requireEmailVerification) return false
  throw new AppError('code_required', 'Ask for a code by mail first, and send it along.')
}

/**
 * One of many racing set-ups wins: the codes all go with the first that is used. They are the door's to delete, and must
 * go in the transaction that makes the account, so the role changes for that one statement.
 */
const spendSetupCode = async (db: Db, code: string): Promise<void> => {
  await db.execute(sql`select pg_advisory_xact_lock(hashtext('lyceum.setup'))`)
  await db.execute(sql`set local role lyceum_door`)
  const spent = await db.delete(setupCodes).returning({ codeHash: setupCodes.codeHash })
  await db.execute(sql`set local role lyceum_app`)
  if (!spent.some(({ codeHash }) => codeHash === hashOf(code))) {
    throw new AppError(
      'setup_code_invalid',
      'This set-up link was used or is old. Start the server again for a new one.',
    )
  }
}

const accountRow = (needs: AccountNeeds, input: NewAccount, passwordHash: string, role: UserRow['role']) => ({
  id: uuidv7(),
  institutionId: defaultInstitutionId,
  email: input.email,
  name: input.name || (input.email.split('@')[0] ?? input.email),
  passwordHash,
  role,
  tier: needs.defaultTier,
  createdAt: needs.clock.now(),
  updatedAt: needs.clock.now(),
})

/**
 * @throws AppError `invalid_credentials`, the same for an unknown address and a wrong password; `rate_limited` after
 *   several, known or not; after the right password `account_deactivated`, `second_factor_required`, `second_factor_invalid`
 */
export const login = async (needs: AccountNeeds, input: Login, device: Device): Promise<Tokens> => {
  const guard = accountGuard(needs, input.email, device.address)
  await guard.check()
  const found = await findByEmail(needs.db, input.email)
  if (!(await isPassword(found?.passwordHash ?? null, input.password)) || !found) {
    const subject = found && { id: found.id, institutionId: found.institutionId }
    return guard.fail(
      new AppError('invalid_credentials', 'The address or the password is wrong.', { ...(subject && { subject }) }),
    )
  }
  await guard.pass()
  if (!found.active) {
    const subject = { id: found.id, institutionId: found.institutionId }
    throw new AppError('account_deactivated', 'This account is switched off. Ask your admin.', { subject })
  }
  if (found.totpConfirmedAt) await proveSecondFactor(needs, found, input.totp, device.address)
  const session = await needs.db.as({ institutionId: found.institutionId, personId: found.id }, (db) =>
    openSession(db, needs, found, device),
  )
  return signIn(needs, found, session)
}

/** Codes of six digits that prove that somebody reads the mail of an address. */
import { randomInt } from 'node:crypto'
import type { CodeRequest } from '@lyceum/contract/account'
import { and, desc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Actor } from '#platform/actor.ts'
import { type Database, type Db, rows } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import type { Mailer, Message } from '#platform/mail/index.ts'
import { type GuardNeeds, guardOf } from './guard.ts'
import { type MailLanguage, type Topic, writeMessage } from './messages.ts'
import type { SecretKey } from './secret-key.ts'
import { mailedCodes, type UserRow } from './tables.ts'
import { findByEmail } from './users.ts'

export interface CodeNeeds extends GuardNeeds {
  secretKey: SecretKey
  mailer: Mailer
}
export type Purpose = CodeRequest['purpose']

const goodForMs = 10 * 60_000
const tries = 5
const pauseMs = 10_000

/**
 * Makes a code and writes its hash down, for known and unknown addresses alike; who it is for is asked later, when its
 * message is made.
 * @throws AppError `rate_limited` within 10 s of the last one for this address; `unauthenticated` where one must be signed in
 */
export const makeCode = async (
  { db, clock, secretKey }: CodeNeeds,
  actor: Actor | null,
  { email, purpose }: CodeRequest,
): Promise<string> => {
  const isForSignedIn = purpose === 'change_email' || purpose === 'confirm'
  if (isForSignedIn && actor?.kind !== 'person') throw new AppError('unauthenticated', 'Sign in first.')
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const now = clock.now()
  await db.door(async (db) => {
    const at = sql`${now.toISOString()}::timestamptz`
    const pausedFrom = sql`${new Date(now.getTime() - pauseMs).toISOString()}::timestamptz`
    const until = sql`${new Date(now.getTime() + goodForMs).toISOString()}::timestamptz`
    // The first condition holds for codes of other purposes, the second also for one written at this instant.
    const written = await rows(
      db,
      sql`insert into mailed_codes as c (email, purpose, code_hash, tries_left, sent_at, expires_at)
        select ${email}, ${purpose}, ${hashOfCode(secretKey, { email, purpose, code })}, ${tries}::int, ${at}, ${until}
        where not exists (select from mailed_codes other where other.email = ${email} and other.sent_at > ${pausedFrom})
        on conflict (email, purpose) do update set code_hash = excluded.code_hash, tries_left = excluded.tries_left,
          sent_at = excluded.sent_at, expires_at = excluded.expires_at
          where c.sent_at <= ${pausedFrom}
        returning 1 as written`,
    )
    if (written.length === 0) await refuseHaste(db, email, now)
  })
  return code
}

const refuseHaste = async (db: Db, email: string, now: Date): Promise<never> => {
  const [last] = await db
    .select({ sentAt: mailedCodes.sentAt })
    .from(mailedCodes)
    .where(eq(mailedCodes.email, email))
    .orderBy(desc(mailedCodes.sentAt))
    .limit(1)
  const waitMs = (last?.sentAt.getTime() ?? now.getTime()) + pauseMs - now.getTime()
  throw new AppError('rate_limited', 'A code was sent to this address a moment ago. Look for it, or wait.', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  })
}

/** The message that carries a code to who should have it; null where nobody should. */
export const codeMessage = async (
  db: Database,
  {
    email,
    purpose,
    code,
    actorId,
    language,
  }: CodeRequest & { code: string; actorId: string | null; language: MailLanguage },
): Promise<Message | null> => {
  const topic = topicOf(purpose, await findByEmail(db, email), actorId)
  if (!topic) return null
  return writeMessage(topic, { to: email, language, ...(topic === purpose && { code }) })
}

const topicOf = (purpose: Purpose, found: UserRow | undefined, actorId: string | null): Topic | null => {
  if (purpose === 'register' || purpose === 'change_email') return found ? 'already_registered' : purpose
  if (!found?.active) return null
  return purpose === 'reset_password' || found.id === actorId ? purpose : null
}

/**
 * Spends a code. Each try is taken off by the statement that looks at it, so that of many at the same instant no more
 * than five are looked at, and one is right.
 * @throws AppError `code_invalid`; `rate_limited` after many wrong ones for this address, also of newer codes
 */
export const spendCode = async (
  needs: CodeNeeds,
  given: { email: string; purpose: Purpose; code: string },
  address: string | null,
): Promise<void> => {
  const guard = guardOf(needs, `code ${given.email}`, address)
  await guard.check()
  const hash = hashOfCode(needs.secretKey, given)
  const now = needs.clock.now()
  const [tried] = await needs.db.door((db) =>
    db
      .update(mailedCodes)
      .set({ triesLeft: sql`case when ${mailedCodes.codeHash} = ${hash} then 0 else ${mailedCodes.triesLeft} - 1 end` })
      .where(
        and(
          eq(mailedCodes.email, given.email),
          eq(mailedCodes.purpose, given.purpose),
          gt(mailedCodes.triesLeft, 0),
          gt(mailedCodes.expiresAt, now),
        ),
      )
      .returning({ isRight: sql<boolean>`${mailedCodes.codeHash} = ${hash}` }),
  )
  if (!tried?.isRight) await guard.fail(new AppError('code_invalid', 'This code is wrong, was used or is old.'))
  await guard.pass()
}

/** Six digits are soon tried out: without the server's key the hash tells nothing. */
const hashOfCode = (
  key: SecretKey,
  { email, purpose, code }: { email: string; purpose: Purpose; code: string },
): string => key.digest(`${purpose} ${email} ${code}`)

/** Takes away codes that are long over. */
export const purgeCodes = (db: Database, now: Date): Promise<void> =>
  db.door(async (db) => {
    await db.delete(mailedCodes).where(lt(mailedCodes.expiresAt, now))
  })

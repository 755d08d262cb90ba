import { and, eq, isNull } from 'drizzle-orm'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { type Database, one } from '#platform/db/index.ts'
import { type UserRow, users } from './tables.ts'

/** Before anyone is known: the account of an address, deactivated ones too. */
export const findByEmail = async (db: Database, email: string): Promise<UserRow | undefined> => {
  const [found] = await db.door((db) =>
    db
      .select()
      .from(users)
      .where(and(eq(users.email, email), isNull(users.deletedAt))),
  )
  return found
}

/** The account of who acts. */
export const ownAccount = (db: Database, actor: Pick<Actor, 'institutionId' | 'id'>): Promise<UserRow> =>
  db.as(scopeOf(actor), async (db) => one(await db.select().from(users).where(eq(users.id, actor.id))))

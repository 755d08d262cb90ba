/** What a call with an `Idempotency-Key` was answered, so that the same call again is not done again. */
import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { bytea, createdAt, moment } from '../db/columns.ts'

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    institutionId: uuid().notNull(),
    personId: uuid().notNull(),
    /** SHA-256 of what the caller sent, in hex. */
    keyHash: text().notNull(),
    routeId: text().notNull(),
    /** SHA-256 of path, query and body: the same key with another content is a mistake of the caller. */
    contentHash: bytea().notNull(),
    /** Null while it is being done. */
    status: integer(),
    body: text(),
    /** Until when the one who does it is believed to be alive. */
    leaseUntil: moment().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.keyHash] }), index().on(t.institutionId), index().on(t.createdAt)],
)

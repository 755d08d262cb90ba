/** Journals: what was streamed, written down before anyone saw it. One journal belongs to one producer at a time. */
import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, moment } from '../db/columns.ts'

export const journals = pgTable(
  'journals',
  {
    id: uuid().primaryKey(),
    institutionId: uuid().notNull(),
    personId: uuid().notNull(),
    /** What it belongs to, such as `turn`; says who takes it up when its producer died. */
    kind: text().notNull(),
    leaseHolder: text(),
    leaseUntil: moment(),
    /** Counts the producers. An entry of an earlier one is refused, however late it comes. */
    epoch: integer().notNull().default(0),
    stopRequestedAt: moment(),
    closedAt: moment(),
    createdAt: createdAt(),
  },
  (t) => [index().on(t.institutionId), index().on(t.personId), index('journals_open').on(t.closedAt, t.leaseUntil)],
)

export const journalEntries = pgTable(
  'journal_entries',
  {
    journalId: uuid()
      .notNull()
      .references(() => journals.id, { onDelete: 'cascade' }),
    /** From 1 without gaps; the event id on the wire. */
    seq: integer().notNull(),
    institutionId: uuid().notNull(),
    personId: uuid().notNull(),
    /** JSON text of the part, as it goes over the wire. */
    part: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.journalId, t.seq] }), index().on(t.institutionId), index().on(t.personId)],
)

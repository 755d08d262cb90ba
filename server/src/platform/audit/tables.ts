/** What was done, by whom, when: rows that nobody changes, chained so that a change shows. */
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bytea, createdAt, id } from '../db/columns.ts'

/** No reference to the person: the row outlives them. What names them is sealed under a key of theirs. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: id(),
    institutionId: uuid().notNull(),
    at: createdAt(),
    service: text().notNull(),
    /** Who did it; null for somebody who is not known. */
    personId: uuid(),
    action: text().notNull(),
    /** Ids and numbers, never a name, an address or a text of a person. */
    metadata: jsonb().$type<Record<string, unknown>>().notNull(),
    /** Address and the like, under the key of the person; null when there is none or nobody is known. */
    sealed: bytea(),
    requestId: text().notNull(),
    /** Made with the trail's key when the entry is written: what somebody else puts in lacks it. */
    mac: bytea().notNull(),
  },
  (t) => [
    index('audit_entries_in_order').on(t.institutionId, t.at, t.id),
    index().on(t.institutionId, t.personId),
    index().on(t.institutionId, t.action),
    index().on(t.at, t.id),
  ],
)
export type AuditEntryRow = typeof auditEntries.$inferSelect

/** The chain: each link takes in one entry and the link before it. Written shortly after the entry, so that entries do not wait for each other. */
export const auditLinks = pgTable(
  'audit_links',
  {
    position: bigint({ mode: 'number' }).primaryKey(),
    entryId: uuid().notNull(),
    institutionId: uuid().notNull(),
    /** Version of the way in which an entry is put into bytes. */
    form: integer().notNull(),
    hash: bytea().notNull(),
  },
  (t) => [uniqueIndex('audit_links_entry').on(t.entryId), index().on(t.institutionId)],
)

/** A key for each person; without it what is sealed cannot be read by anybody. */
export const personKeys = pgTable(
  'person_keys',
  {
    personId: uuid().primaryKey(),
    institutionId: uuid().notNull(),
    key: bytea().notNull(),
    createdAt: createdAt(),
  },
  (t) => [index().on(t.institutionId)],
)

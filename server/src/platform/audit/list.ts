/** The trail of an institution as its admins read it: a page, or all of it as a file. */
import { Readable } from 'node:stream'
import type { AuditItem, AuditQuery } from '@lyceum/contract/audit'
import { and, desc, eq, gte, lt, or, type SQL } from 'drizzle-orm'
import type { Actor } from '../actor.ts'
import type { Database, Db, Scope } from '../db/index.ts'
import { cursorOf, cutPage, type Place, readCursor } from '../http/cursor.ts'
import type { FileReply } from '../http/mount.ts'
import type { Audit } from './index.ts'
import { unseal } from './person-keys.ts'
import { type AuditEntryRow, auditEntries, personKeys } from './tables.ts'

interface ListNeeds {
  db: Database
  audit: Audit
}
type Filter = Pick<AuditQuery, 'action' | 'userId' | 'from' | 'to'>

/** An admin acts for the institution here, and for no person: row-level security shows all of it and nothing else. */
const wholeOf = ({ institutionId }: Actor): Scope => ({ institutionId, personId: null })

/** A page, newest first. That it was read stands in the trail itself. */
export const listAudit = (needs: ListNeeds, actor: Actor, query: AuditQuery) =>
  needs.db.as(wholeOf(actor), async (db) => {
    const found = await readEntries(db, actor, {
      filter: query,
      after: readCursor(query.cursor),
      limit: query.limit + 1,
    })
    await recordReading(needs, db, actor, query)
    return cutPage(found, query.limit, { present, cursorAt: ({ entry }) => cursorOf(placeOf(entry)) })
  })

const recordReading = ({ audit }: ListNeeds, db: Db, actor: Actor, { format, userId }: AuditQuery): Promise<void> =>
  audit.record(db, actor, {
    action: 'audit.read',
    metadata: { ...(format && { format }), ...(userId && { userId }) },
  })

interface Found {
  entry: AuditEntryRow
  key: Buffer | null
}
interface Wanted {
  filter: Filter
  after: Place | null
  limit: number
}

/** With the key of each person, looked up now: a key that was deleted opens nothing from then on. */
const readEntries = (db: Db, actor: Actor, { filter, after, limit }: Wanted): Promise<Found[]> =>
  db
    .select({ entry: auditEntries, key: personKeys.key })
    .from(auditEntries)
    .leftJoin(personKeys, eq(personKeys.personId, auditEntries.personId))
    .where(and(eq(auditEntries.institutionId, actor.institutionId), ...conditionsOf(filter), beyond(after)))
    .orderBy(desc(auditEntries.at), desc(auditEntries.id))
    .limit(limit)

const conditionsOf = ({ action, userId, from, to }: Filter): (SQL | undefined)[] => [
  action === undefined ? undefined : eq(auditEntries.action, action),
  userId === undefined ? undefined : eq(auditEntries.personId, userId),
  from === undefined ? undefined : gte(auditEntries.at, new Date(from)),
  to === undefined ? undefined : lt(auditEntries.at, new Date(to)),
]

const beyond = (after: Place | null): SQL | undefined =>
  after
    ? or(lt(auditEntries.at, after.at), and(eq(auditEntries.at, after.at), lt(auditEntries.id, after.id)))
    : undefined

const placeOf = ({ at, id }: AuditEntryRow): Place => ({ at, id })

const present = ({ entry, key }: Found): AuditItem => ({
  timestamp: entry.at.toISOString(),
  serviceName: entry.service,
  userId: entry.personId,
  action: entry.action,
  metadata: entry.metadata,
  requestId: entry.requestId,
  id: entry.id,
  personal: unseal(key, entry.id, entry.sealed),
})

const batchSize = 500

/** All that the filter lets through, newest first, read while it is sent: page after page, each a transaction. */
export const exportAudit = async (needs: ListNeeds, actor: Actor, query: AuditQuery): Promise<FileReply> => {
  await needs.db.as(wholeOf(actor), (db) => recordReading(needs, db, actor, query))
  const isCsv = query.format === 'csv'
  return {
    kind: 'file',
    stream: Readable.from(isCsv ? csvOf(readAll(needs, actor, query)) : linesOf(readAll(needs, actor, query))),
    mediaType: isCsv ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
    fileName: `audit.${query.format}`,
    sizeBytes: null,
  }
}

const readAll = async function* ({ db }: ListNeeds, actor: Actor, query: AuditQuery): AsyncGenerator<AuditItem[]> {
  for (let after = readCursor(query.cursor); ; ) {
    const wanted = { filter: query, after, limit: batchSize }
    const found = await db.as(wholeOf(actor), (db) => readEntries(db, actor, wanted))
    yield found.map(present)
    const last = found.at(-1)
    if (!last || found.length < batchSize) return
    after = placeOf(last.entry)
  }
}

const linesOf = async function* (pages: AsyncIterable<AuditItem[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((item) => `${JSON.stringify(item)}\n`).join('')
}

const columns = ['timestamp', 'serviceName', 'userId', 'action', 'metadata', 'requestId', 'id', 'personal'] as const

/** RFC 4180. */
const csvOf = async function* (pages: AsyncIterable<AuditItem[]>): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`
  for await (const page of pages) {
    yield page.map((item) => `${columns.map((name) => cellOf(item[name])).join(',')}\r\n`).join('')
  }
}

const cellOf = (value: unknown): string => {
  if (value === null) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // A spreadsheet takes what begins so for a formula.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

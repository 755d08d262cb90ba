/** What an entry of the trail is, as rules give it and as bytes that the chain takes in. */
import { createHmac } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import type { AuditEntryRow } from './tables.ts'

type Fact = string | number | boolean | null
/** Ids, numbers and codes of ours; nothing that a person wrote. Held by `checkMetadata`. */
export type Metadata = Readonly<Record<string, Fact | readonly Fact[]>>
/** What names or traces a person: sealed under their key, and gone with it. */
export type Personal = Readonly<Record<string, string>>

export interface Entry {
  /** `thing.happened`, such as `session.opened`. */
  action: string
  metadata?: Metadata
  /** Beside the address of the caller, which is always sealed when it is known. */
  personal?: Personal
}

/** Who did it, and by which request. An `Actor` is one; `id` is null for somebody who is not known. */
export interface Doer {
  id: string | null
  institutionId: string
  requestId: string
  address?: string | null
  /** `key` for a program that acts in the person's name: the entry says so. */
  kind?: 'person' | 'key' | 'system'
}

const service = 'lyceum'
/** The one form of canonical bytes that there is so far. */
export const form = 1

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/
/** Words of the program: `rate_limited`, `uploadDocument`, `documents:read`. No dot, so that no name of a file passes. */
const code = /^(?=.{1,64}$)[a-z][a-zA-Z0-9]*(?:[_:][a-z][a-zA-Z0-9]*)*$/

const isFact = (value: unknown): boolean => {
  if (typeof value === 'string') return uuid.test(value) || moment.test(value) || code.test(value)
  return value === null || typeof value === 'boolean' || Number.isFinite(value)
}

/** @throws Error for a text: it is a bug of the rule that gave it, and shows at its first call */
export const checkMetadata = (action: string, metadata: Metadata): void => {
  for (const [name, value] of Object.entries(metadata)) {
    const facts: readonly unknown[] = Array.isArray(value) ? value : [value]
    // The text itself stays out of the message: that goes to the log.
    if (!facts.every(isFact)) throw new Error(`The audit entry ${action} was given a text as ${name}`)
  }
}

export interface NewRow {
  who: Doer
  entry: Entry
  at: Date
  key: Buffer
  seal: (id: string) => Buffer | null
}

/** The row of an entry, with its mac. */
export const rowOf = ({ who, entry, at, key, seal }: NewRow): AuditEntryRow => {
  const { action } = entry
  const metadata = { ...entry.metadata, ...(who.kind === 'key' && { by: 'key' }) }
  checkMetadata(action, metadata)
  const id = uuidv7()
  const { institutionId, requestId } = who
  const row = { id, institutionId, at, service, personId: who.id, action, metadata, sealed: seal(id), requestId }
  return { ...row, mac: macOf(key, row) }
}

/** HMAC-SHA-256 over the entry alone. */
export const macOf = (key: Buffer, row: Omit<AuditEntryRow, 'mac'>): Buffer =>
  createHmac('sha256', key)
    .update(`lyceum.audit.entry\n${canonical(row)}`)
    .digest()

export interface Place {
  position: number
  /** Hash of the link before; 32 zero bytes for the first. */
  previous: Buffer
}

/** HMAC-SHA-256 over the link before, the place in the chain and the entry with what is sealed. */
export const linkOf = (key: Buffer, { position, previous }: Place, row: AuditEntryRow): Buffer =>
  createHmac('sha256', key)
    .update(`lyceum.audit.link\n`)
    .update(previous)
    .update(JSON.stringify([form, position, row.mac.toString('hex')]))
    .update(canonical(row))
    .digest()

/** One text for one entry, whatever order the database gives members in. JSON strings keep the parts apart. */
const canonical = (row: Omit<AuditEntryRow, 'mac'>): string =>
  JSON.stringify([
    form,
    row.id,
    row.institutionId,
    row.at.toISOString(),
    row.service,
    row.personId,
    row.action,
    sorted(row.metadata),
    row.sealed?.toString('hex') ?? null,
    row.requestId,
  ])

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return members.map(([name, inner]) => [name, sorted(inner)])
}

/** A key for each person, under which an entry seals what names them. Without the key nobody reads it any more. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { type Db, rows } from '../db/index.ts'
import type { Personal } from './entry.ts'
import { personKeys } from './tables.ts'

interface KeyOwner {
  institutionId: string
  id: string
}

export interface PersonKeys {
  /** The key when this process has it at hand. */
  known(personId: string): Buffer | undefined
  /** The person's key, made at its first use, inside the caller's transaction. */
  take(db: Db, owner: KeyOwner): Promise<Buffer>
  forget(db: Db, owner: KeyOwner): Promise<void>
}

/** Keys kept at hand, those used last. */
const keptAtMost = 10_000

export const createPersonKeys = (): PersonKeys => {
  const kept = new Map<string, Buffer>()
  const keep = (personId: string, key: Buffer): Buffer => {
    kept.delete(personId)
    kept.set(personId, key)
    const [oldest] = kept.keys()
    if (kept.size > keptAtMost && oldest !== undefined) kept.delete(oldest)
    return key
  }
  return {
    known: (personId) => {
      const key = kept.get(personId)
      return key && keep(personId, key)
    },
    take: async (db, owner) => {
      const at = kept.get(owner.id)
      if (at) return keep(owner.id, at)
      const { key, isCommitted } = await findOrMake(db, owner)
      // One that this transaction has made may be rolled back with it.
      return isCommitted ? keep(owner.id, key) : key
    },
    forget: async (db, { id }) => {
      kept.delete(id)
      await db.delete(personKeys).where(eq(personKeys.personId, id))
    },
  }
}

interface Found {
  key: Buffer
  isCommitted: boolean
}

const findOrMake = async (db: Db, owner: KeyOwner): Promise<Found> => {
  // Another transaction may make it between this statement's view and its insert: the next view has it.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const [found] = await rows<Found>(db, findOrMakeStatement(owner))
    if (found) return found
  }
  throw new Error('The key of a person could neither be found nor made')
}

const findOrMakeStatement = ({ id, institutionId }: KeyOwner) => sql`
  with made as (
    insert into person_keys (person_id, institution_id, key)
    select ${id}::uuid, ${institutionId}::uuid, ${randomBytes(32)}::bytea
    where not exists (select from person_keys where person_id = ${id}::uuid)
    on conflict (person_id) do nothing returning key)
  select key, false as "isCommitted" from made
  union all
  select key, xmin <> pg_current_xact_id()::xid as "isCommitted" from person_keys where person_id = ${id}::uuid`

const [ivBytes, tagBytes] = [12, 16]

/** AES-256-GCM, bound to the entry: `iv | tag | sealed JSON`. */
export const seal = (key: Buffer, entryId: string, personal: Personal): Buffer => {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(entryId))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(personal), 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

/** What was sealed; null without the key, or under another one, as after the first was deleted. */
export const unseal = (key: Buffer | null, entryId: string, sealed: Buffer | null): Personal | null => {
  if (!key || !sealed) return null
  try {
    const [iv, tag] = [sealed.subarray(0, ivBytes), sealed.subarray(ivBytes, ivBytes + tagBytes)]
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
      .setAAD(Buffer.from(entryId))
      .setAuthTag(tag)
    const text = Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
    return JSON.parse(text.toString('utf8'))
  } catch {
    return null
  }
}

/**
 * The audit trail: who did what, and when. Entries are added and read, never changed; each carries a mac, and shortly
 * after it was written a link to the one before. What names a person is sealed under a key of theirs.
 */
import type { Clock } from '../clock.ts'
import type { Database, Db, Scope, Statement } from '../db/index.ts'
import type { Logger } from '../telemetry/log.ts'
import { type Doer, type Entry, macOf, type Personal, rowOf } from './entry.ts'
import { createLinker, readLastLinked } from './linker.ts'
import { createPersonKeys, seal } from './person-keys.ts'
import { type AuditEntryRow, auditEntries } from './tables.ts'
import { type Verdict, verifyChain } from './verify.ts'

export type { Doer, Entry, Metadata, Personal } from './entry.ts'
export { headFile } from './head.ts'
export { keyFile, openAuditKey, readAuditKey } from './key.ts'
export { type Fault, type Verdict, verifyChain } from './verify.ts'

export interface Audit {
  /**
   * Writes an entry in the caller's open transaction: it is there if and only if what it tells of is. Ids, numbers and
   * codes in `metadata`, never a text; the doer's address and `personal` are sealed. @throws Error for a text
   */
  record(db: Db, who: Doer, entry: Entry): Promise<void>
  /** The same as a statement for the caller's batch. */
  statement(who: Doer, entry: Entry): Promise<Statement>
  /** The same for what has no transaction of its own. Entries of nobody go by the door. */
  recordAlone(who: Doer, entry: Entry): Promise<void>
  /** The same without anybody waiting for it: what fails is logged. For what must not be told by the time of an answer. */
  recordLater(who: Doer, entry: Entry): void
  /** Resolves when what was recorded for later so far is written. */
  settle(): Promise<void>
  /** Whether an entry of this action was written for this very object: then a rule has recorded its call by itself. */
  hasRecorded(who: Doer, action: string): boolean
  /** Deletes the person's key: their entries stay and name nobody any more. */
  forgetPerson(db: Db, person: { institutionId: string; id: string }): Promise<void>
  /** Walks the whole chain. Calls that come meanwhile get the same answer. */
  verify(): Promise<Verdict>
  /** Links what a former process left, whatever its age. Says in the log when the trail was written with another key. */
  start(): Promise<void>
  /** Links what no process came to link. */
  sweep(): Promise<void>
  stop(): Promise<void>
}

export interface AuditNeeds {
  db: Database
  clock: Clock
  log: Logger
  key: Buffer
  /** Where the head of the chain is kept. */
  dataDir: string
}

const hourMs = 3_600_000
const pendingAtMost = 1_000

export const createAudit = (needs: AuditNeeds): Audit => {
  const { db, clock, log, key } = needs
  const linker = createLinker(needs)
  const keys = createPersonKeys()
  const recorded = new WeakMap<Doer, Set<string>>()
  const pending = new Set<Promise<void>>()
  let verifying: Promise<Verdict> | null = null

  const build = (who: Doer, entry: Entry, personKey: Buffer | undefined): AuditEntryRow => {
    const personal: Personal = { ...(who.address && { address: who.address }), ...entry.personal }
    const sealFor = (id: string) =>
      personKey && Object.keys(personal).length > 0 ? seal(personKey, id, personal) : null
    return rowOf({ who, entry, at: clock.now(), key, seal: sealFor })
  }
  const mark = (who: Doer, action: string): void => {
    recorded.set(who, (recorded.get(who) ?? new Set()).add(action))
    linker.soon()
  }
  const record: Audit['record'] = async (db, who, entry) => {
    const personKey = who.id === null ? undefined : await keys.take(db, { ...who, id: who.id })
    await db.insert(auditEntries).values(build(who, entry, personKey))
    mark(who, entry.action)
  }
  const keyOf = async (who: Doer): Promise<Buffer | undefined> => {
    const { id } = who
    if (id === null) return undefined
    return keys.known(id) ?? db.as(scopeOf(who, id), (db) => keys.take(db, { ...who, id }))
  }
  const statement: Audit['statement'] = async (who, entry) => {
    const text = insertOf(build(who, entry, await keyOf(who)))
    mark(who, entry.action)
    return text
  }
  const recordAlone: Audit['recordAlone'] = async (who, entry) => {
    await db.batch(who.id === null ? 'door' : scopeOf(who, who.id), [await statement(who, entry)])
  }
  const settle = async (): Promise<void> => void (await Promise.all(pending))
  return {
    record,
    statement,
    recordAlone,
    recordLater: (who, entry) => {
      const { action } = entry
      if (pending.size >= pendingAtMost) return log.error({ action }, 'an audit entry was dropped: too many wait')
      const writing = recordAlone(who, entry)
        .catch((error) => log.error({ err: error, action }, 'an audit entry could not be written'))
        .finally(() => pending.delete(writing))
      pending.add(writing)
    },
    settle,
    hasRecorded: (who, action) => recorded.get(who)?.has(action) ?? false,
    forgetPerson: (db, person) => keys.forget(db, person),
    verify: () => {
      verifying ??= verifyChain(needs).finally(() => {
        verifying = null
      })
      return verifying
    },
    start: async () => {
      await checkKey(needs)
      await linker.link(null)
    },
    sweep: () => linker.link(hourMs),
    stop: async () => {
      await settle()
      await linker.stop()
    },
  }
}

/** Two hosts with keys of their own would make one trail that neither can verify. */
const checkKey = async ({ db, key, log }: AuditNeeds): Promise<void> => {
  const last = await readLastLinked(db)
  if (last && !macOf(key, last).equals(last.mac))
    log.error('the audit trail was written with another key: share DATA_DIR among the hosts, or set AUDIT_KEY')
}

const scopeOf = ({ institutionId }: Doer, personId: string): Scope => ({ institutionId, personId })

/** As one statement, so that it travels with BEGIN and COMMIT in one flight. */
const insertOf = (row: AuditEntryRow): Statement => ({
  text: `insert into audit_entries
    (id, institution_id, at, service, person_id, action, metadata, sealed, request_id, mac)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
  params: [
    row.id,
    row.institutionId,
    row.at,
    row.service,
    row.personId,
    row.action,
    row.metadata,
    row.sealed,
    row.requestId,
    row.mac,
  ],
})

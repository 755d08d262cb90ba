/**
 * Journals: streams that survive. A producer holds a lease and writes every part down before anyone sees it; readers only
 * tail what is written. When a producer dies another takes the journal up and knows exactly what was said.
 */
import { and, eq, isNull, lt, or } from 'drizzle-orm'
import { type Actor, scopeOf } from '../actor.ts'
import type { Scope, Statement } from '../db/index.ts'
import type { ServerEvent } from '../http/events.ts'
import { type JournalNeeds, type JournalRef, leaseMs } from './entries.ts'
import { createScribe } from './scribe.ts'
import { journals } from './tables.ts'
import { createHub, tailJournal, tailNewJournal } from './tail.ts'
import { beginJournal, type JournalWriter, takeJournal } from './writer.ts'

export { JournalFault, type JournalNeeds, type JournalRef, LeaseLost } from './entries.ts'
export type { JournalWriter } from './writer.ts'

export interface Journals {
  /**
   * The statement that makes a journal, for the caller's batch. @param isHeld whether it is made in the hands of this
   * process: then `begin` gives its writer once the batch is committed
   */
  create(ref: JournalRef, kind: string, isHeld: boolean): Statement
  /** The writer of a journal that was made held. */
  begin(ref: JournalRef): JournalWriter
  /** Takes the lease; null when another holds it or the journal is closed. */
  take(ref: JournalRef): Promise<JournalWriter | null>
  /** Parts after `lastSeq`, as they come, until the journal is closed; null when there is no such journal in reach. */
  tail(scope: Scope, id: string, lastSeq: number): Promise<AsyncIterable<ServerEvent[]> | null>
  /** As `tail`, from the first part on, for a journal that was made a moment ago: there is nothing to look up. */
  tailNew(scope: Scope, id: string): AsyncIterable<ServerEvent[]>
  requestStop(actor: Actor, id: string): Promise<void>
  /** Journals of a kind that nobody holds. @param isStart whether this process has just started */
  findOrphans(kind: string, isStart: boolean): Promise<JournalRef[]>
  /** Removes everybody's journals that were closed before a moment. */
  purge(before: Date): Promise<void>
  stop(): Promise<void>
}

export const createJournals = (needs: JournalNeeds): Journals => {
  const hub = createHub(needs.bus)
  const scribe = createScribe(needs, hub)
  const reading = { ...needs, hub }
  const writing = { ...reading, scribe }
  return {
    create: ({ id, institutionId, personId }, kind, isHeld) => {
      const now = needs.clock.now()
      const lease = isHeld ? [scribe.holder, new Date(now.getTime() + leaseMs), 1] : [null, null, 0]
      return { text: createText, params: [id, institutionId, personId, kind, now, ...lease] }
    },
    begin: (ref) => beginJournal(writing, ref),
    take: (ref) => takeJournal(writing, ref),
    tail: (scope, id, lastSeq) => tailJournal(reading, scope, { id, lastSeq }),
    tailNew: (scope, id) => tailNewJournal(reading, scope, id),
    requestStop: (actor, id) =>
      needs.db.as(scopeOf(actor), async (db, after) => {
        await db
          .update(journals)
          .set({ stopRequestedAt: needs.clock.now() })
          .where(and(eq(journals.id, id), eq(journals.personId, actor.id), isNull(journals.stopRequestedAt)))
        after(() => needs.bus.publish('turn.stopped', { id, version: 0 }))
      }),
    findOrphans: (kind, isStart) => findOrphans(needs, kind, isStart && needs.alone),
    purge: (before) => purge(needs, before),
    stop: async () => {
      await scribe.stop()
      hub.interrupt()
    },
  }
}

const createText = `insert into journals
  (id, institution_id, person_id, kind, created_at, lease_holder, lease_until, epoch) values ($1, $2, $3, $4, $5, $6, $7, $8)`

const purge = async ({ db }: JournalNeeds, before: Date): Promise<void> => {
  const isOld = lt(journals.closedAt, before)
  const people = await db.door((db) =>
    db
      .selectDistinct({ institutionId: journals.institutionId, personId: journals.personId })
      .from(journals)
      .where(isOld),
  )
  for (const person of people) await db.as(person, (db) => db.delete(journals).where(isOld))
}

const findOrphans = ({ db, clock }: JournalNeeds, kind: string, all: boolean): Promise<JournalRef[]> => {
  const now = clock.now()
  const isFree = or(
    lt(journals.leaseUntil, now),
    // Made but never taken: its producer died between the two. A moment's grace, as one may be about to.
    and(isNull(journals.leaseUntil), lt(journals.createdAt, new Date(now.getTime() - leaseMs / 3))),
  )
  return db.door((db) =>
    db
      .select({ id: journals.id, institutionId: journals.institutionId, personId: journals.personId })
      .from(journals)
      .where(and(eq(journals.kind, kind), isNull(journals.closedAt), all ? undefined : isFree))
      .orderBy(journals.createdAt)
      .limit(500),
  )
}

/**
 * Journals: streams that survive. A producer holds a lease and writes every part down before anyone sees it; readers only
 * tail what is written. When a producer dies another takes the journal up and knows exactly what was said.
 */
import { and, eq, isNull, lt, or } from 'drizzle-orm'
import { type Actor, scopeOf } from '../actor.ts'
import type { Db, Scope } from '../db/index.ts'
import type { ServerEvent } from '../http/events.ts'
import { type JournalNeeds, type JournalRef, leaseMs } from './entries.ts'
import { createScribe } from './scribe.ts'
import { journals } from './tables.ts'
import { createHub, tailJournal } from './tail.ts'
import { type JournalWriter, takeJournal } from './writer.ts'

export { JournalFault, type JournalNeeds, type JournalRef, LeaseLost } from './entries.ts'
export type { JournalWriter } from './writer.ts'

export interface Journals {
  /** Makes a journal inside the caller's transaction. */
  create(db: Db, ref: JournalRef, kind: string): Promise<void>
  /** Takes the lease; null when another holds it or the journal is closed. */
  take(ref: JournalRef): Promise<JournalWriter | null>
  /** Parts after `lastSeq`, as they come, until the journal is closed; null when there is no such journal in reach. */
  tail(scope: Scope, id: string, lastSeq: number): Promise<AsyncIterable<ServerEvent[]> | null>
  requestStop(actor: Actor, id: string): Promise<void>
  /** Journals of a kind that nobody holds. @param isStart whether this process has just started */
  findOrphans(kind: string, isStart: boolean): Promise<JournalRef[]>
  /** Removes journals closed before a moment. */
  purge(scope: Scope, before: Date): Promise<void>
  stop(): Promise<void>
}

export const createJournals = (needs: JournalNeeds): Journals => {
  const hub = createHub(needs.bus)
  const scribe = createScribe(needs, hub)
  return {
    create: async (db, { id, institutionId, personId }, kind) => {
      await db.insert(journals).values({ id, institutionId, personId, kind, createdAt: needs.clock.now() })
    },
    take: (ref) => takeJournal({ ...needs, hub, scribe }, ref),
    tail: (scope, id, lastSeq) => tailJournal({ ...needs, hub }, scope, { id, lastSeq }),
    requestStop: (actor, id) =>
      needs.db.as(scopeOf(actor), async (db, after) => {
        await db
          .update(journals)
          .set({ stopRequestedAt: needs.clock.now() })
          .where(and(eq(journals.id, id), eq(journals.personId, actor.id), isNull(journals.stopRequestedAt)))
        after(() => needs.bus.publish('turn.stopped', { id, version: 0 }))
      }),
    findOrphans: (kind, isStart) => findOrphans(needs, kind, isStart && needs.alone),
    purge: async (scope, before) => {
      await needs.db.as(scope, (db) => db.delete(journals).where(lt(journals.closedAt, before)))
    },
    stop: async () => {
      await scribe.stop()
      hub.interrupt()
    },
  }
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

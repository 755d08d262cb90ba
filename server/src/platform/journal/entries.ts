/** What the parts of the journal share. */
import { and, eq, gt } from 'drizzle-orm'
import type { Bus } from '../bus/index.ts'
import type { Clock } from '../clock.ts'
import type { Database, Db } from '../db/index.ts'
import type { ServerEvent } from '../http/events.ts'
import type { Logger } from '../telemetry/log.ts'
import { journalEntries } from './tables.ts'

export interface JournalRef {
  id: string
  institutionId: string
  personId: string
}

export interface JournalNeeds {
  db: Database
  bus: Bus
  clock: Clock
  log: Logger
  /** Whether no other process can hold a lease, so that those of a former run are void at the start. */
  alone: boolean
}

/** A holder that does not renew for this long is taken for dead. */
export const leaseMs = 15_000

/** It could not be written down, through no fault of who said it. */
export class JournalFault extends Error {}

/** Another process has taken the journal up: what this one still has to say is not for anybody. */
export class LeaseLost extends JournalFault {
  constructor() {
    super('The lease of this journal is lost')
  }
}

/** What stands in a journal after `seq`, in order. */
export const readEntries = async (db: Db, id: string, seq: number): Promise<ServerEvent[]> =>
  db
    .select({ id: journalEntries.seq, data: journalEntries.part })
    .from(journalEntries)
    .where(and(eq(journalEntries.journalId, id), gt(journalEntries.seq, seq)))
    .orderBy(journalEntries.seq)

/** A row for each part, as they are stored. */
export const asRows = ({ id, institutionId, personId }: JournalRef, events: ServerEvent[]) =>
  events.map((event) => ({ journalId: id, seq: event.id, institutionId, personId, part: event.data }))

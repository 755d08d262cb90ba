/** What the parts of the journal share. */
import type { Bus } from '../bus/index.ts'
import type { Clock } from '../clock.ts'
import type { Database, Statement } from '../db/index.ts'
import type { ServerEvent } from '../http/events.ts'
import type { Logger } from '../telemetry/log.ts'

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

/** What stands in a journal after `seq`, in order; `asEvent` reads its rows. */
export const entriesStatement = (id: string, seq: number): Statement => ({
  text: 'select seq, part from journal_entries where journal_id = $1 and seq > $2 order by seq',
  params: [id, seq],
})

export const asEvent = ({ seq, part }: Record<string, unknown>): ServerEvent => ({
  id: Number(seq),
  data: String(part),
})

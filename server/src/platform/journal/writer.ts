/** Taking a journal up, and writing it. */
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { AfterCommit, Db } from '../db/index.ts'
import type { ServerEvent } from '../http/events.ts'
import { asRows, type JournalNeeds, type JournalRef, LeaseLost, leaseMs, readEntries } from './entries.ts'
import type { Producer, Scribe } from './scribe.ts'
import { journalEntries, journals } from './tables.ts'
import type { Hub } from './tail.ts'

/** A journal in the hands of its one producer. */
export interface JournalWriter {
  /** How many producers there were, this one counted. */
  readonly epoch: number
  /** What earlier producers wrote. */
  readonly past: readonly ServerEvent[]
  /** Aborts when the lease is lost (reason `lost`), the reader asked to stop (`stop`) or the server shuts down (`shutdown`). */
  readonly signal: AbortSignal
  /** Writes parts down; resolves when they are on disk and readers have been told. @throws JournalFault */
  append(parts: object[]): Promise<void>
  /** Writes the last parts and closes the journal, inside the transaction that makes the outcome final. @throws LeaseLost */
  end(db: Db, after: AfterCommit, parts: object[]): Promise<void>
  /** Gives the lease back, so that another may take the journal up at once. */
  release(): Promise<void>
}

interface TakeNeeds extends JournalNeeds {
  hub: Hub
  scribe: Scribe
}

/** Takes the lease; null when another holds it or the journal is closed. */
export const takeJournal = async (needs: TakeNeeds, ref: JournalRef): Promise<JournalWriter | null> => {
  const { db, clock, scribe } = needs
  const holder = scribe.holder
  const now = clock.now()
  // Alone on the data, a lease that is not ours is a dead process's.
  const isFree = or(
    isNull(journals.leaseUntil),
    lt(journals.leaseUntil, now),
    needs.alone ? sql`${journals.leaseHolder} <> ${holder}` : undefined,
  )
  const taken = await db.as(ref, async (db) => {
    const [row] = await db
      .update(journals)
      .set({ leaseHolder: holder, leaseUntil: new Date(now.getTime() + leaseMs), epoch: sql`${journals.epoch} + 1` })
      .where(and(eq(journals.id, ref.id), isNull(journals.closedAt), isFree))
      .returning({ epoch: journals.epoch, stopRequestedAt: journals.stopRequestedAt })
    // The update waited for writers of the epoch before; nothing of theirs can follow what is read now.
    return row && { ...row, past: await readEntries(db, ref.id, 0) }
  })
  return taken ? openWriter(needs, ref, taken) : null
}

interface Taken {
  epoch: number
  stopRequestedAt: Date | null
  past: ServerEvent[]
}

const openWriter = (needs: TakeNeeds, ref: JournalRef, { epoch, stopRequestedAt, past }: Taken): JournalWriter => {
  const { scribe, hub, clock, bus } = needs
  const aborter = new AbortController()
  let seq = past.at(-1)?.id ?? 0
  const number = (parts: object[]): ServerEvent[] =>
    parts.map((part) => {
      seq += 1
      return { id: seq, data: JSON.stringify(part) }
    })
  const stopListening = bus.subscribe('turn.stopped', ({ id }) => {
    if (id === ref.id) aborter.abort('stop')
  })
  const leave = (): void => {
    stopListening()
    scribe.dismiss(entry)
  }
  const entry: Producer = {
    ref,
    epoch,
    abort: (reason) => {
      aborter.abort(reason)
      if (reason === 'lost') leave()
    },
  }
  scribe.enroll(entry)
  if (stopRequestedAt) aborter.abort('stop')
  return {
    epoch,
    past,
    signal: aborter.signal,
    append: (parts) => scribe.write(entry, number(parts)),
    end: async (db, after, parts) => {
      const events = number(parts)
      const [closed] = await db
        .update(journals)
        .set({ closedAt: clock.now(), leaseHolder: null, leaseUntil: null })
        .where(and(eq(journals.id, ref.id), eq(journals.epoch, epoch), isNull(journals.closedAt)))
        .returning({ id: journals.id })
      if (!closed) {
        entry.abort('lost')
        throw new LeaseLost()
      }
      const rows = asRows(ref, events)
      if (rows.length > 0) await db.insert(journalEntries).values(rows)
      after(() => {
        leave()
        hub.deliver(ref.id, events, true)
      })
    },
    release: async () => {
      leave()
      await needs.db.as(ref, (db) =>
        db
          .update(journals)
          .set({ leaseHolder: null, leaseUntil: clock.now() })
          .where(and(eq(journals.id, ref.id), eq(journals.epoch, epoch), isNull(journals.closedAt))),
      )
    },
  }
}

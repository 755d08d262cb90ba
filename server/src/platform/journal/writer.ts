/** Taking a journal up, and writing it. */
import { and, eq, isNull } from 'drizzle-orm'
import { divisionByZero, isSqlState, type Statement } from '../db/index.ts'
import type { ServerEvent } from '../http/events.ts'
import { asEvent, entriesStatement, type JournalNeeds, type JournalRef, LeaseLost, leaseMs } from './entries.ts'
import type { Producer, Scribe } from './scribe.ts'
import { journals } from './tables.ts'
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
  /**
   * Writes the last parts and closes the journal. @param commit runs the batch that makes the outcome final, with the
   * statement that it is given in it; the statement fails the batch when the lease is lost
   * @returns what `commit` resolves to, once readers have been told
   * @throws LeaseLost
   */
  end<T>(parts: object[], commit: (closing: Statement) => Promise<T>): Promise<T>
  /** Gives the lease back, so that another may take the journal up at once. */
  release(): Promise<void>
}

interface TakeNeeds extends JournalNeeds {
  hub: Hub
  scribe: Scribe
}

// Where this process is alone on the data ($5), a lease that is not ours is a dead process's.
const takeText = `update journals set lease_holder = $2, lease_until = $3, epoch = epoch + 1
  where id = $1 and closed_at is null
    and (lease_until is null or lease_until < $4 or ($5::boolean and lease_holder <> $2))
  returning epoch, stop_requested_at is not null as "isStopped"`

/** Takes the lease; null when another holds it or the journal is closed. */
export const takeJournal = async (needs: TakeNeeds, ref: JournalRef): Promise<JournalWriter | null> => {
  const { db, clock, scribe, alone } = needs
  const now = clock.now()
  const leaseUntil = new Date(now.getTime() + leaseMs)
  const [[taken] = [], past = []] = await db.batch(ref, [
    { text: takeText, params: [ref.id, scribe.holder, leaseUntil, now, alone] },
    // The update waited for writers of the epoch before; nothing of theirs can follow what is read now.
    entriesStatement(ref.id, 0),
  ])
  if (!taken) return null
  const { epoch, isStopped } = taken
  return openWriter(needs, ref, { epoch: Number(epoch), isStopped: isStopped === true, past: past.map(asEvent) })
}

/** For a journal that was made in the hands of this process. */
export const beginJournal = (needs: TakeNeeds, ref: JournalRef): JournalWriter =>
  openWriter(needs, ref, { epoch: 1, isStopped: false, past: [] })

interface Taken {
  epoch: number
  isStopped: boolean
  past: ServerEvent[]
}

/** Divides by zero when it closes nothing: then none of its transaction counts. */
const endText = `with closed as (
    update journals set closed_at = $3, lease_holder = null, lease_until = null
    where id = $1 and epoch = $2 and closed_at is null
    returning id, institution_id, person_id
  ), written as (
    insert into journal_entries (journal_id, seq, institution_id, person_id, part)
    select closed.id, entry.seq, closed.institution_id, closed.person_id, entry.part
    from closed, unnest($4::integer[], $5::text[]) as entry (seq, part)
  )
  select 1 / count(*) from closed`

const openWriter = (needs: TakeNeeds, ref: JournalRef, { epoch, isStopped, past }: Taken): JournalWriter => {
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
  if (isStopped) aborter.abort('stop')
  return {
    epoch,
    past,
    signal: aborter.signal,
    append: (parts) => scribe.write(entry, number(parts)),
    end: async (parts, commit) => {
      const events = number(parts)
      const [seqs, texts] = [events.map(({ id }) => id), events.map(({ data }) => data)]
      try {
        const result = await commit({ text: endText, params: [ref.id, epoch, clock.now(), seqs, texts] })
        leave()
        hub.deliver(ref.id, events, true)
        return result
      } catch (error) {
        if (!isSqlState(error, divisionByZero)) throw error
        entry.abort('lost')
        throw new LeaseLost()
      }
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

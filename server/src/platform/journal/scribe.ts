/** Writes the journals of all running producers in one commit an interval, and renews their leases in one. */
import { randomUUID } from 'node:crypto'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Statement } from '../db/index.ts'
import type { ServerEvent } from '../http/events.ts'
import { JournalFault, type JournalNeeds, type JournalRef, LeaseLost, leaseMs } from './entries.ts'
import { journals } from './tables.ts'
import type { Hub } from './tail.ts'

/**
 * Long enough to share a sync among many answers, short enough not to be seen; a hundred answers share a longer one, as
 * a commit is most of what a streamed sentence costs.
 */
const intervalMs = (producers: number): number => Math.min(75, 25 + producers / 2)

export interface Producer {
  ref: JournalRef
  epoch: number
  abort(reason: 'lost' | 'stop' | 'shutdown'): void
}

interface Pending {
  producer: Producer
  events: ServerEvent[]
  resolve(): void
  reject(error: unknown): void
}

export interface Scribe {
  /** Names this process in leases. */
  readonly holder: string
  enroll(producer: Producer): void
  dismiss(producer: Producer): void
  write(producer: Producer, events: ServerEvent[]): Promise<void>
  stop(): Promise<void>
}

export const createScribe = (needs: JournalNeeds, hub: Hub): Scribe => {
  const holder = randomUUID()
  const producers = new Set<Producer>()
  let pending: Pending[] = []
  let flushing: Promise<void> | null = null
  let lastFlush = 0
  let stopping = false

  const flushSoon = (): void => {
    if (flushing) return
    const waitMs = Math.max(0, lastFlush + intervalMs(producers.size) - performance.now())
    flushing = new Promise<void>((resolve) => setTimeout(resolve, waitMs)).then(async () => {
      const batch = pending
      pending = []
      lastFlush = performance.now()
      await writeBatch(needs, hub, batch)
      flushing = null
      if (pending.length > 0) flushSoon()
    })
  }
  const stopRenewing = needs.clock.every(leaseMs / 3, () => {
    renewLeases(needs, holder, producers).catch((error) =>
      needs.log.warn({ err: error }, 'leases could not be renewed'),
    )
  })
  return {
    holder,
    enroll: (producer) => {
      producers.add(producer)
      if (stopping) producer.abort('shutdown')
    },
    dismiss: (producer) => void producers.delete(producer),
    write: (producer, events) =>
      new Promise((resolve, reject) => {
        pending.push({ producer, events, resolve, reject })
        flushSoon()
      }),
    stop: async () => {
      stopping = true
      stopRenewing()
      for (const producer of producers) producer.abort('shutdown')
      await flushing
    },
  }
}

const writeBatch = async (needs: JournalNeeds, hub: Hub, batch: Pending[]): Promise<void> => {
  try {
    const [standing = []] = await needs.db.batch('door', [appendStatement(batch)])
    const isStopped = new Map(standing.map((row) => [row.id, row.isStopped]))
    for (const { producer, events, resolve, reject } of batch) {
      if (!isStopped.has(producer.ref.id)) {
        producer.abort('lost')
        reject(new LeaseLost())
        continue
      }
      hub.deliver(producer.ref.id, events, false)
      resolve()
      if (isStopped.get(producer.ref.id)) producer.abort('stop')
    }
  } catch (cause) {
    const fault = new JournalFault('The journal could not be written', { cause })
    for (const { reject } of batch) reject(fault)
  }
}

/**
 * Only for producers whose epoch still stands; the share lock keeps it so until the commit, and is taken in one order
 * everywhere, so that no two wait for each other.
 */
const appendText = `with standing as (
    select j.id, j.institution_id, j.person_id, j.stop_requested_at is not null as is_stopped
    from journals j join unnest($1::uuid[], $2::integer[]) as held (id, epoch) on held.id = j.id and held.epoch = j.epoch
    where j.closed_at is null
    order by j.id
    for share of j
  ), written as (
    insert into journal_entries (journal_id, seq, institution_id, person_id, part)
    select s.id, entry.seq, s.institution_id, s.person_id, entry.part
    from unnest($3::uuid[], $4::integer[], $5::text[]) as entry (id, seq, part) join standing s on s.id = entry.id
  )
  select id, is_stopped as "isStopped" from standing`

const appendStatement = (batch: readonly Pending[]): Statement => {
  const producers = [...new Set(batch.map(({ producer }) => producer))]
  const entries = batch.flatMap(({ producer, events }) => events.map((event) => ({ id: producer.ref.id, event })))
  return {
    text: appendText,
    params: [
      producers.map(({ ref }) => ref.id),
      producers.map(({ epoch }) => epoch),
      entries.map(({ id }) => id),
      entries.map(({ event }) => event.id),
      entries.map(({ event }) => event.data),
    ],
  }
}

const renewLeases = async ({ db, clock }: JournalNeeds, holder: string, producers: Set<Producer>): Promise<void> => {
  if (producers.size === 0) return
  const asked = [...producers]
  const ids = asked.map(({ ref }) => ref.id)
  const leaseUntil = new Date(clock.now().getTime() + leaseMs)
  const isOurs = and(inArray(journals.id, ids), eq(journals.leaseHolder, holder), isNull(journals.closedAt))
  const held = await db.door(async (db) => {
    const ours = await db
      .select({ id: journals.id, epoch: journals.epoch })
      .from(journals)
      .where(isOurs)
      .orderBy(journals.id)
      .for('no key update')
    await db.update(journals).set({ leaseUntil }).where(isOurs)
    return new Map(ours.map(({ id, epoch }) => [id, epoch]))
  })
  // Who learns of it here need not ask its engine for what nobody will read.
  for (const producer of asked) if (held.get(producer.ref.id) !== producer.epoch) producer.abort('lost')
}

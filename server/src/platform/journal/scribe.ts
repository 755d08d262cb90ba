/** Writes the journals of all running producers in one commit an interval, and renews their leases in one. */
import { randomUUID } from 'node:crypto'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Db } from '../db/index.ts'
import type { ServerEvent } from '../http/events.ts'
import { asRows, JournalFault, type JournalNeeds, type JournalRef, LeaseLost, leaseMs } from './entries.ts'
import { journalEntries, journals } from './tables.ts'
import type { Hub } from './tail.ts'

/**
 * Long enough to share a sync among many answers, short enough not to be seen; a hundred answers share a longer one, as
 * a commit is most of what a streamed sentence costs.
 */
const intervalMs = (producers: number): number => Math.min(50, 25 + producers / 4)

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
    const { held, stopped } = await needs.db.door((db) => writeHeld(db, batch))
    for (const { producer, events, resolve, reject } of batch) {
      if (!held.has(producer)) {
        producer.abort('lost')
        reject(new LeaseLost())
        continue
      }
      hub.deliver(producer.ref.id, events, false)
      resolve()
    }
    for (const producer of stopped) producer.abort('stop')
  } catch (cause) {
    const fault = new JournalFault('The journal could not be written', { cause })
    for (const { reject } of batch) reject(fault)
  }
}

/** Only for producers whose epoch still stands; the share lock keeps it so until the commit. */
const writeHeld = async (db: Db, batch: Pending[]) => {
  const ids = [...new Set(batch.map(({ producer }) => producer.ref.id))]
  const standing = await db
    .select({ id: journals.id, epoch: journals.epoch, stopRequestedAt: journals.stopRequestedAt })
    .from(journals)
    .where(and(inArray(journals.id, ids), isNull(journals.closedAt)))
    // In one order everywhere, so that no two wait for each other.
    .orderBy(journals.id)
    .for('share')
  const byId = new Map(standing.map((row) => [row.id, row]))
  const isHeld = ({ producer }: Pending): boolean => byId.get(producer.ref.id)?.epoch === producer.epoch
  const rows = batch.filter(isHeld).flatMap(({ producer, events }) => asRows(producer.ref, events))
  if (rows.length > 0) await db.insert(journalEntries).values(rows)
  const held = new Set(batch.filter(isHeld).map(({ producer }) => producer))
  return { held, stopped: [...held].filter(({ ref }) => byId.get(ref.id)?.stopRequestedAt) }
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

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { setImmediate as immediate } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import { openTestDatabase, type TestDatabase } from '#testing/database.ts'
import type { Actor } from '../actor.ts'
import type { Bus } from '../bus/index.ts'
import { openMemoryBus } from '../bus/memory.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { migrate } from '../db/migrate.ts'
import type { ServerEvent } from '../http/events.ts'
import { createHandClock, type HandClock, quietLog } from '../jobs/testing.ts'
import { createJournals, JournalFault, type JournalRef, type Journals, type JournalWriter, LeaseLost } from './index.ts'

let database: TestDatabase
let db: Database

before(async () => {
  database = await openTestDatabase(`lyceum_journal_${randomUUID().replaceAll('-', '')}`)
  await migrate(database.driver, 'apply')
  db = openDatabase(database.driver)
})
after(() => database.drop())

interface Process {
  journals: Journals
  clock: HandClock
  bus: Bus
}

/** Each stands for a process; without `alone` it hears nothing of the others. */
const open = (given: Partial<Process> & { alone?: boolean; db?: Database } = {}): Process => {
  const { clock = createHandClock(), alone = false, bus = openMemoryBus({ alone }) } = given
  return { clock, bus, journals: createJournals({ db: given.db ?? db, bus, clock, log: quietLog, alone }) }
}

const newRef = (): JournalRef => ({ id: uuidv7(), institutionId: uuidv7(), personId: uuidv7() })

const newJournal = async ({ journals }: Process): Promise<JournalRef> => {
  const ref = newRef()
  await db.batch(ref, [journals.create(ref, 'turn', false)])
  return ref
}

const taken = async ({ journals }: Process, ref: JournalRef): Promise<JournalWriter> => {
  const writer = await journals.take(ref)
  assert.ok(writer, 'the journal is free')
  return writer
}

const end = (writer: JournalWriter, ref: JournalRef, parts: object[] = []) =>
  writer.end(parts, (closing) => db.batch(ref, [closing]))

/** All that a reader gets until the journal ends. */
const readAll = async ({ journals }: Process, ref: JournalRef, lastSeq = 0): Promise<ServerEvent[]> => {
  const tail = await journals.tail(ref, ref.id, lastSeq)
  assert.ok(tail, 'the journal is in reach')
  return (await Array.fromAsync(tail)).flat()
}

const part = (n: number) => ({ n })
const event = (n: number): ServerEvent => ({ id: n, data: JSON.stringify(part(n)) })
const isAborted = (writer: JournalWriter, reason: string): void => {
  assert.deepEqual([writer.signal.aborted, writer.signal.reason], [true, reason])
}

describe('a journal', () => {
  it('numbers its entries from 1, for all who read, from wherever they read', async () => {
    const here = open({ alone: true })
    const ref = await newJournal(here)
    const writer = await taken(here, ref)
    await Promise.all([writer.append([part(1), part(2)]), writer.append([part(3)])])
    const live = [readAll(here, ref), readAll(here, ref, 2)]
    await writer.append([part(4)])
    await end(writer, ref, [part(5)])
    assert.deepEqual(await live[0], [1, 2, 3, 4, 5].map(event))
    assert.deepEqual(await live[1], [3, 4, 5].map(event))
    assert.deepEqual(await readAll(here, ref, 4), [event(5)])
    assert.deepEqual(await readAll(here, ref, 5), [])
  })

  it('can be made in the hands of its process, and be read from before its first part', async () => {
    const [here, there] = [open({ alone: true }), open()]
    const ref = newRef()
    await db.batch(ref, [here.journals.create(ref, 'turn', true)])
    assert.equal(await there.journals.take(ref), null)
    const reading = Array.fromAsync(here.journals.tailNew(ref, ref.id))
    const writer = here.journals.begin(ref)
    await writer.append([part(1), part(2)])
    there.clock.advance(16_000)
    const heir = await taken(there, ref)
    assert.deepEqual([heir.epoch, heir.past], [2, [event(1), event(2)]])
    await assert.rejects(writer.append([part(99)]), LeaseLost)
    await end(heir, ref, [part(3)])
    here.bus.publish('journal.grown', { id: ref.id, version: 3 })
    assert.deepEqual((await reading).flat(), [1, 2, 3].map(event))
  })

  it('is written before anyone sees it', async () => {
    const [atCommit, mayCommit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slow: Database = {
      ...db,
      batch: async (entry, statements) => {
        if (entry === 'door') {
          atCommit.resolve()
          await mayCommit.promise
        }
        return db.batch(entry, statements)
      },
    }
    const here = open({ alone: true, db: slow })
    const ref = await newJournal(here)
    const writer = await taken(here, ref)
    const tail = await here.journals.tail(ref, ref.id, 0)
    const reader = tail?.[Symbol.asyncIterator]()
    let isSeen = false
    const seeing = reader?.next().then((step) => {
      isSeen = true
      return step
    })
    const writing = writer.append([part(1)])
    await atCommit.promise
    await immediate()
    assert.ok(!isSeen)
    mayCommit.resolve()
    await writing
    assert.deepEqual((await seeing)?.value, await readEntriesOf(ref))
    await reader?.return?.()
  })

  it('belongs to its person', async () => {
    const here = open()
    const ref = await newJournal(here)
    const { institutionId, personId } = newRef()
    assert.equal(await here.journals.tail({ institutionId: ref.institutionId, personId }, ref.id, 0), null)
    assert.equal(await here.journals.tail({ institutionId, personId: ref.personId }, ref.id, 0), null)
    await here.journals.requestStop({ id: personId, institutionId: ref.institutionId } as Actor, ref.id)
    const writer = await taken(here, ref)
    assert.ok(!writer.signal.aborted)
  })

  it('is removed once it is closed and old enough', async () => {
    const here = open()
    const [old, young, running] = [await newJournal(here), await newJournal(here), await newJournal(here)]
    for (const ref of [old, young, running]) {
      const writer = await taken(here, ref)
      await writer.append([part(1)])
      if (ref !== running) await end(writer, ref)
      here.clock.advance(1)
    }
    await here.journals.purge(new Date(here.clock.now().getTime() - 2))
    assert.equal(await here.journals.tail(old, old.id, 0), null)
    assert.deepEqual(await readEntriesOf(old), [])
    assert.deepEqual(await readAll(here, young), [event(1)])
    assert.deepEqual(await readEntriesOf(running), [event(1)])
  })
})

const readEntriesOf = async ({ id }: JournalRef): Promise<ServerEvent[]> => {
  const [found] = await database.admin.exec(
    `select seq, part from journal_entries where journal_id = '${id}' order by seq`,
  )
  return found?.rows.map(([seq, data]) => ({ id: Number(seq), data: String(data) })) ?? []
}

describe('a lease', () => {
  it('keeps others away until it has run out, and renewing keeps it', async () => {
    const [one, two] = [open(), open()]
    const ref = await newJournal(one)
    const writer = await taken(one, ref)
    assert.equal(await two.journals.take(ref), null)
    one.clock.advance(10_000)
    await settled(one)
    two.clock.advance(16_000)
    assert.equal(await two.journals.take(ref), null, 'it was renewed at 10 s')
    two.clock.advance(10_000)
    const heir = await taken(two, ref)
    assert.ok(!writer.signal.aborted)
    await end(heir, ref)
  })

  it('that is lost leaves nothing to say: late entries and a late end are refused', async () => {
    const [one, two] = [open(), open()]
    const ref = await newJournal(one)
    const zombie = await taken(one, ref)
    await zombie.append([part(1)])
    two.clock.advance(16_000)
    const heir = await taken(two, ref)
    assert.deepEqual(heir.past, [event(1)])
    assert.equal(heir.epoch, 2)
    await assert.rejects(zombie.append([part(99)]), LeaseLost)
    isAborted(zombie, 'lost')
    await assert.rejects(end(zombie, ref, [part(99)]), LeaseLost)
    await heir.append([part(2)])
    await assert.rejects(zombie.append([part(99)]), LeaseLost)
    await end(heir, ref, [part(3)])
    await assert.rejects(zombie.append([part(99)]), LeaseLost)
    assert.deepEqual(await readAll(two, ref), [1, 2, 3].map(event))
    assert.deepEqual(await readEntriesOf(ref), [1, 2, 3].map(event))
    assert.equal(await two.journals.take(ref), null, 'a closed journal is nobody’s')
  })

  it('that is lost is noticed without writing', async () => {
    const [one, two] = [open(), open()]
    const ref = await newJournal(one)
    const [zombie, other] = [await taken(one, ref), await taken(one, await newJournal(one))]
    two.clock.advance(16_000)
    await taken(two, ref)
    one.clock.advance(5_000)
    if (!zombie.signal.aborted) await once(zombie.signal, 'abort')
    isAborted(zombie, 'lost')
    assert.ok(!other.signal.aborted)
  })

  it('of a dead process is void where there can be no other', async () => {
    const [dead, alone] = [open(), open({ alone: true })]
    const ref = await newJournal(dead)
    await taken(dead, ref)
    const found = await alone.journals.findOrphans('turn', true)
    assert.ok(found.some(({ id }) => id === ref.id))
    assert.equal((await taken(alone, ref)).epoch, 2)
    assert.equal(await alone.journals.take(ref), null, 'its own lease is not')
  })

  it('that was given back is free at once', async () => {
    const [one, two] = [open(), open()]
    const ref = await newJournal(one)
    const writer = await taken(one, ref)
    await writer.release()
    two.clock.advance(1)
    assert.equal((await taken(two, ref)).epoch, 2)
  })

  it('shows who needs an heir: who ran out, and who was never taken', async () => {
    const [here, other] = [open(), open()]
    const kind = `kind ${randomUUID()}`
    const make = async (): Promise<JournalRef> => {
      const ref = newRef()
      await db.batch(ref, [here.journals.create(ref, kind, false)])
      return ref
    }
    const [fresh, held, closed] = [await make(), await make(), await make()]
    await taken(here, held)
    await end(await taken(here, closed), closed)
    const orphans = async (): Promise<string[]> =>
      (await other.journals.findOrphans(kind, false)).map(({ id }) => id).sort()
    assert.deepEqual(await orphans(), [])
    other.clock.advance(5_001)
    assert.deepEqual(await orphans(), [fresh.id])
    other.clock.advance(10_000)
    assert.deepEqual(await orphans(), [fresh.id, held.id])
  })
})

/** Resolves when what the clock set off in the database is over: one session there, one after the other. */
const settled = async ({ journals }: Process): Promise<void> => {
  const ref = newRef()
  await db.batch(ref, [journals.create(ref, 'settled', false)])
  await journals.findOrphans('settled', false)
}

describe('stopping', () => {
  it('reaches the producer, also the one that has not begun', async () => {
    const here = open({ alone: true })
    const [running, waiting] = [await newJournal(here), await newJournal(here)]
    const writer = await taken(here, running)
    for (const ref of [running, waiting]) {
      await here.journals.requestStop({ id: ref.personId, institutionId: ref.institutionId } as Actor, ref.id)
    }
    isAborted(writer, 'stop')
    isAborted(await taken(here, waiting), 'stop')
  })

  it('reaches a producer that does not hear of it with its next entry', async () => {
    const [here, there] = [open(), open()]
    const ref = await newJournal(here)
    const writer = await taken(here, ref)
    await there.journals.requestStop({ id: ref.personId, institutionId: ref.institutionId } as Actor, ref.id)
    assert.ok(!writer.signal.aborted)
    await writer.append([part(1)])
    isAborted(writer, 'stop')
  })
})

describe('a server that goes down', () => {
  it('cuts readers off and stops producers, also those who come in that moment', async () => {
    const here = open({ alone: true })
    const [ref, late] = [await newJournal(here), await newJournal(here)]
    const writer = await taken(here, ref)
    const reading = assert.rejects(readAll(here, ref), { code: 'shutting_down' })
    const lastWords = writer.append([part(1)])
    await here.journals.stop()
    await lastWords
    await reading
    isAborted(writer, 'shutdown')
    isAborted(await taken(here, late), 'shutdown')
    await assert.rejects(readAll(here, ref), { code: 'shutting_down' })
    assert.deepEqual(await readEntriesOf(ref), [event(1)])
  })
})

describe('a reader in another process', () => {
  it('looks by itself where no news reaches it', async () => {
    const [here, there] = [open(), open()]
    const ref = await newJournal(here)
    const writer = await taken(here, ref)
    const reading = readAll(there, ref)
    await writer.append([part(1)])
    await end(writer, ref, [part(2)])
    await settled(there)
    there.clock.advance(500)
    assert.deepEqual(await reading, [1, 2].map(event))
  })

  it('is told by a shared bus, and looks once in a while all the same', async () => {
    const wire = openMemoryBus({ alone: true })
    let [isDeaf, looks] = [false, 0]
    const shared: Bus = {
      ...wire,
      isShared: true,
      publish: (topic, event) => {
        if (!isDeaf) wire.publish(topic, event)
      },
    }
    const counting: Database = {
      ...db,
      batch: (entry, statements) => {
        if (entry !== 'door') looks += 1
        return db.batch(entry, statements)
      },
    }
    const [here, there] = [open({ bus: shared }), open({ bus: shared, db: counting })]
    const ref = await newJournal(here)
    const writer = await taken(here, ref)
    const tail = await there.journals.tail(ref, ref.id, 0)
    const reader = tail?.[Symbol.asyncIterator]()
    assert.equal(looks, 1)
    await writer.append([part(1)])
    assert.deepEqual((await reader?.next())?.value, [event(1)])
    assert.equal(looks, 2)
    isDeaf = true
    await end(writer, ref, [part(2)])
    there.clock.advance(5_500)
    assert.deepEqual((await reader?.next())?.value, [event(2)])
    assert.equal((await reader?.next())?.done, true)
  })

  it('does not look for what its own process has told it', async () => {
    const wire = openMemoryBus({ alone: true })
    let looks = 0
    const counting: Database = {
      ...db,
      batch: (entry, statements) => {
        if (entry !== 'door') looks += 1
        return db.batch(entry, statements)
      },
    }
    const here = open({ bus: { ...wire, isShared: true }, db: counting })
    const ref = await newJournal(here)
    const writer = await taken(here, ref)
    const reading = readAll(here, ref)
    await writer.append([part(1)])
    looks = 0
    for (let n = 2; n < 8; n += 1) await writer.append([part(n)])
    assert.equal(looks, 0)
    await end(writer, ref)
    assert.equal((await reading).length, 7)
  })
})

describe('writing for many', () => {
  it('takes one commit for all who write at a time', async () => {
    let flushes = 0
    const counting: Database = {
      ...db,
      batch: (entry, statements) => {
        if (entry === 'door') flushes += 1
        return db.batch(entry, statements)
      },
    }
    const here = open({ alone: true, db: counting })
    const refs = await Promise.all(Array.from({ length: 50 }, () => newJournal(here)))
    const writers = await Promise.all(refs.map((ref) => taken(here, ref)))
    for (let n = 1; n <= 10; n += 1) await Promise.all(writers.map((writer) => writer.append([part(n), part(n)])))
    assert.ok(flushes >= 10 && flushes <= 20, `${flushes} commits for 1,000 parts`)
    for (const ref of refs) assert.equal((await readEntriesOf(ref)).length, 20)
  })

  it('tells all whose parts were not written, and goes on with the next', async () => {
    let isAway = false
    const faulty: Database = {
      ...db,
      batch: (...given) => (isAway ? Promise.reject(new Error('away')) : db.batch(...given)),
    }
    const here = open({ alone: true, db: faulty })
    const [one, two] = [await newJournal(here), await newJournal(here)]
    const writers = [await taken(here, one), await taken(here, two)]
    isAway = true
    const outcomes = await Promise.allSettled(writers.map((writer) => writer.append([part(1)])))
    for (const outcome of outcomes) assert.ok(outcome.status === 'rejected' && outcome.reason instanceof JournalFault)
    isAway = false
    for (const writer of writers) await writer.release()
    here.clock.advance(1)
    const heir = await taken(here, one)
    await heir.append([part(1)])
    assert.deepEqual(await readEntriesOf(one), [event(1)])
    assert.deepEqual(await readEntriesOf(two), [])
  })

  it('refuses one without refusing the others', async () => {
    const [here, there] = [open(), open()]
    const [lost, kept] = [await newJournal(here), await newJournal(here)]
    const [zombie, writer] = [await taken(here, lost), await taken(here, kept)]
    there.clock.advance(16_000)
    await taken(there, lost)
    const [refused, written] = await Promise.allSettled([zombie.append([part(1)]), writer.append([part(1)])])
    assert.ok(refused.status === 'rejected' && refused.reason instanceof LeaseLost)
    assert.equal(written.status, 'fulfilled')
    assert.deepEqual(await readEntriesOf(kept), [event(1)])
    assert.deepEqual(await readEntriesOf(lost), [])
  })
})

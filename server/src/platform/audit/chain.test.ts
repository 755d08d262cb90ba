/** The chain: whole over many writers, and broken where somebody touched it. */
import assert from 'node:assert/strict'
import { copyFile, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { audit as auditCommand } from '#src/commands/audit.ts'
import { openTestApp, type TestApp } from '#testing/app.ts'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { newPerson, type Person } from '#testing/people.ts'
import { createHandClock } from '../jobs/testing.ts'
import { type Doer, headFile, keyFile, type Verdict } from './index.ts'

/** By hand, so that nothing is linked before a test says so. */
const clock = createHandClock()
let test: FreshApp
let ada: Person
let who: Doer
before(async () => {
  test = await openFreshApp({}, { clock })
  ada = await newPerson(test)
  who = { id: ada.id, institutionId: ada.institutionId, requestId: 'test', address: '127.0.0.1' }
})
after(() => test.close())

/** An empty trail. */
const clear = async (): Promise<void> => {
  await test.admin.exec('delete from audit_links; delete from audit_entries')
  await rm(join(test.config.dataDir, headFile), { force: true })
}
/** Another process on the same database and folder. */
const openOther = (itsClock = clock): Promise<TestApp> =>
  openTestApp({ database: test.database, env: { DATA_DIR: test.config.dataDir }, alone: false, clock: itsClock })
const write = async (count: number, { platform }: TestApp = test): Promise<void> => {
  for (let number = 0; number < count; number += 1)
    await platform.audit.recordAlone({ ...who }, { action: 'thing.done', metadata: { number } })
}
/** Some entries, all in the chain. */
const fill = async (count = 10): Promise<void> => {
  await write(count)
  await test.platform.audit.sweep()
}
const exec = async (text: string): Promise<unknown[][]> => (await test.admin.exec(text))[0]?.rows ?? []
const faultsOf = ({ faults }: Verdict) => faults.map(({ kind, position }) => [kind, position])
const verify = async () => faultsOf(await test.platform.audit.verify())
const countLinks = async (): Promise<number> => Number((await exec('select count(*)::int from audit_links'))[0]?.[0])

describe('the chain', () => {
  beforeEach(clear)

  it('takes in every entry once, over writers in two processes on one database', async () => {
    const other = await openOther()
    const writers = Array.from({ length: 8 }, (_, at) => write(25, at % 2 ? test : other))
    const linkers = [test, other].map(async ({ platform }) => {
      for (let round = 0; round < 10; round += 1) await platform.audit.sweep()
    })
    await Promise.all([...writers, ...linkers])
    await other.close()
    await test.platform.audit.sweep()
    const [counts] =
      await exec(`select (select count(*)::int from audit_entries), (select count(*)::int from audit_links),
      (select max(position)::int from audit_links)`)
    assert.deepEqual([counts?.[0], counts?.[1]], [counts?.[2], counts?.[2]])
    assert.equal(counts?.[0], 200)
    const verdict = await test.platform.audit.verify()
    assert.deepEqual([faultsOf(verdict), verdict.links], [[], counts?.[2]])
  })

  it('takes in more than a batch at once', async () => {
    await write(1)
    const scope = { institutionId: ada.institutionId, personId: ada.id }
    for (let round = 0; round < 5; round += 1) {
      await test.platform.db.as(scope, async (db) => {
        for (let number = 0; number < 100; number += 1)
          await test.platform.audit.record(db, { ...who }, { action: 'thing.done', metadata: { number } })
      })
    }
    await test.platform.audit.sweep()
    assert.equal(await countLinks(), 501)
    assert.deepEqual(await verify(), [])
  })

  it('takes in who commits late, behind those who were first', async () => {
    const gate = Promise.withResolvers<void>()
    const written = Promise.withResolvers<void>()
    const scope = { institutionId: ada.institutionId, personId: ada.id }
    const isServer = process.env.LYCEUM_TEST_SHAPE === 'server'
    const late = test.platform.db.as(scope, async (db) => {
      await test.platform.audit.record(db, { ...who }, { action: 'thing.late' })
      written.resolve()
      // The embedded database has one session: nobody else gets on before this ends.
      if (isServer) await gate.promise
    })
    await written.promise
    if (!isServer) await late
    await fill()
    gate.resolve()
    await late
    await test.platform.audit.sweep()
    assert.deepEqual(await verify(), [])
    const [last] = await exec(`select e.action from audit_links l join audit_entries e on e.id = l.entry_id
      order by position desc limit 1`)
    if (isServer) assert.deepEqual(last, ['thing.late'])
  })

  it('takes in an entry a moment after it was written', async () => {
    const itsClock = createHandClock()
    const other = await openOther(itsClock)
    await write(1, other)
    await itsClock.scheduled(250)
    itsClock.advance(250)
    // With no linking to come it waits for the one that is under way, and does no other.
    await other.platform.audit.stop()
    assert.equal(await countLinks(), 1)
    await other.close()
  })

  it('goes on where a process ended between entry and link', async () => {
    await fill(3)
    const before = await countLinks()
    const ended = await openOther()
    // Nothing in it links any more, as after kill -9.
    await ended.platform.audit.stop()
    await write(4, ended)
    assert.equal(await countLinks(), before)
    const next = await openOther()
    assert.equal(await countLinks(), before + 4)
    assert.deepEqual(faultsOf(await next.platform.audit.verify()), [])
    await next.close()
    await ended.close()
  })

  it('has its key in the folder, for its owner alone, and its head beside it', async () => {
    await fill()
    const { dataDir } = test.config
    assert.equal((await stat(join(dataDir, keyFile))).mode & 0o777, 0o600)
    const head = JSON.parse(await readFile(join(dataDir, headFile), 'utf8'))
    assert.equal(head.position, await countLinks())
  })
})

/** What somebody who may write to the database alone can do, and what the trail says of it. */
const tamperings: [name: string, statement: string, faults: unknown[][]][] = [
  ['another action', `update audit_entries set action = 'x' where id = ENTRY(3)`, [['entry_changed', 3]]],
  ['another fact', `update audit_entries set metadata = '{"number":99}' where id = ENTRY(3)`, [['entry_changed', 3]]],
  ['another time', `update audit_entries set at = at - interval '1 ms' where id = ENTRY(3)`, [['entry_changed', 3]]],
  ['another doer', `update audit_entries set person_id = id where id = ENTRY(3)`, [['entry_changed', 3]]],
  ['another institution', `update audit_entries set institution_id = id where id = ENTRY(3)`, [['entry_changed', 3]]],
  ['nothing sealed', `update audit_entries set sealed = null where id = ENTRY(3)`, [['entry_changed', 3]]],
  ['an entry less', `delete from audit_entries where id = ENTRY(3)`, [['entry_removed', 3]]],
  [
    'an entry and its link less',
    `delete from audit_entries where id = ENTRY(3); delete from audit_links where position = 3`,
    [['link_removed', 3]],
  ],
  [
    'the first ones less',
    `delete from audit_entries where id in (ENTRY(1), ENTRY(2)); delete from audit_links where position < 3`,
    [['link_removed', 1]],
  ],
  [
    'an entry less, and the others moved up',
    `delete from audit_entries where id = ENTRY(3); delete from audit_links where position = 3;
     update audit_links set position = position - 1 where position > 3`,
    [
      ['link_changed', 3],
      ['link_changed', 4],
      ['end_removed', 10],
    ],
  ],
  [
    'two entries in each other’s place',
    `update audit_links set entry_id = gen_random_uuid() where position = 4;
     update audit_links set entry_id = ENTRY(4) where position = 5;
     update audit_links set entry_id = ENTRY(5) where position = 4`,
    [
      ['link_changed', 4],
      ['link_changed', 5],
    ],
  ],
  [
    'another hash',
    `update audit_links set hash = sha256('x') where position = 3`,
    [
      ['link_changed', 3],
      ['link_changed', 4],
    ],
  ],
  ['another form', `update audit_links set form = 2 where position = 3`, [['link_changed', 3]]],
  [
    'an end less',
    `delete from audit_entries where id in (select entry_id from audit_links where position > 7);
     delete from audit_links where position > 7`,
    [['end_removed', 10]],
  ],
  ['no entry at all', `delete from audit_links; delete from audit_entries`, [['end_removed', 10]]],
  [
    'an entry that was put in, with a link',
    `insert into audit_entries select gen_random_uuid(), institution_id, at, service, person_id, action, metadata, sealed, request_id, mac
       from audit_entries where id = ENTRY(3);
     insert into audit_links select 11, id, institution_id, 1, sha256('x') from audit_entries
       where id not in (select entry_id from audit_links)`,
    [['entry_changed', 11]],
  ],
  [
    'an old entry that was put in, without a link',
    `insert into audit_entries select gen_random_uuid(), institution_id, at - interval '1 day', service, person_id, action, metadata, sealed, request_id, mac
       from audit_entries where id = ENTRY(3)`,
    [['entry_unlinked', null]],
  ],
]

/** `ENTRY(n)` stands for the entry at a place in the chain as it was before. */
const tamper = async (statement: string): Promise<void> => {
  const ids = await exec('select entry_id from audit_links order by position')
  await test.admin.exec(statement.replace(/ENTRY\((\d+)\)/g, (_, n) => `'${ids[Number(n) - 1]?.[0]}'::uuid`))
}

describe('verification finds', () => {
  beforeEach(clear)

  for (const [name, statement, faults] of tamperings) {
    it(name, async () => {
      await fill()
      assert.deepEqual([await verify(), await countLinks()], [[], 10])
      await tamper(statement)
      const found = await verify()
      // Positions moved onto each other leave many wrong links behind the first.
      assert.deepEqual(found.slice(0, faults.length - 1), faults.slice(0, -1))
      assert.deepEqual(found.at(-1), faults.at(-1))
    })
  }

  it('an end that was cut off, also when the chain has grown over the place', async () => {
    await fill()
    await tamper(`delete from audit_entries where id in (select entry_id from audit_links where position > 7);
      delete from audit_links where position > 7`)
    await fill(20)
    assert.ok((await countLinks()) > 10)
    assert.deepEqual(await verify(), [['end_removed', 10]])
    await fill(1)
    assert.deepEqual(await verify(), [['end_removed', 10]])
  })

  it('an entry that was put in, also when our own process took it into the chain', async () => {
    await fill()
    await tamper(`insert into audit_entries select gen_random_uuid(), institution_id, now(), service, person_id, 'x',
      metadata, null, request_id, mac from audit_entries where id = ENTRY(3)`)
    await test.platform.audit.sweep()
    assert.deepEqual(await verify(), [['entry_changed', 11]])
  })

  it('the first fault for an admin, by its place and entry', async () => {
    const admin = await newPerson(test, { institutionId: ada.institutionId, role: 'admin' })
    await fill()
    await tamper(`update audit_entries set action = 'x' where id = ENTRY(4)`)
    const { body } = await admin.call('GET', '/admin/audit/check')
    const [id] = (await exec('select entry_id from audit_links where position = 4'))[0] ?? []
    assert.deepEqual([body.ok, body.firstFault], [false, { kind: 'entry_changed', position: 4, entryId: id }])
    assert.ok(body.entries >= 10)
  })
})

describe('lyceum audit verify', () => {
  beforeEach(clear)

  /** The command on the database of this test: what it says, and its exit code. */
  const run = async () => {
    let said = ''
    const { dataDir } = test.config
    const env = { DATA_DIR: dataDir, ...(test.database.url && { DATABASE_URL: test.database.url }) }
    const out = (text: string): void => {
      said += text
    }
    const code = await auditCommand({ env, out, err: () => undefined, isTerminal: false }, ['verify'])
    return { code, said }
  }
  // The embedded database of a test is in memory: no other opens it. `kill.test.ts` runs the command on a folder.
  const onServer = { skip: process.env.LYCEUM_TEST_SHAPE !== 'server' }

  it('says that all is well, or what is wrong and where', onServer, async () => {
    await fill()
    const well = await run()
    assert.equal(well.code, 0)
    assert.match(well.said, /as it was written: 10 entries, 10 links/)
    await tamper(`update audit_entries set action = 'x' where id = ENTRY(4)`)
    const wrong = await run()
    assert.equal(wrong.code, 1)
    assert.match(wrong.said, /FAULT {2}place 4, entry [0-9a-f-]{36}: the entry was changed/)
  })

  it('says that a head is missing, and does nothing without a key', onServer, async () => {
    await fill()
    const { dataDir } = test.config
    await rm(join(dataDir, headFile))
    assert.match((await run()).said, /There is no audit\.head/)
    await copyFile(join(dataDir, keyFile), join(dataDir, 'away'))
    await rm(join(dataDir, keyFile))
    await assert.rejects(run(), /There is no audit\.key/)
    await writeFile(join(dataDir, keyFile), Buffer.alloc(32, 7), { mode: 0o600 })
    assert.equal((await run()).code, 1)
  })
})

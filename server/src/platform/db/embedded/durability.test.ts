import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openEmbedded } from './index.ts'
import { newPath, quietLog, startChild } from './testing.ts'

const open = (dir: string) => openEmbedded({ dir, log: quietLog, housekeepingEveryMs: 0 })

test('each commit is synced to the disk', async () => {
  const database = await open(newPath())
  await database.exec('create table kept (id int)')
  assert.deepEqual(
    (await database.exec('show fsync; show synchronous_commit')).flatMap((answer) => answer.rows),
    [['on'], ['on']],
  )
  const before = database.counters().syncs
  for (let id = 0; id < 20; id++) {
    await database.transaction('', (session) => session.query('insert into kept values ($1)', [id]))
  }
  const synced = database.counters().syncs - before
  assert.ok(synced >= 20, `${synced} syncs for 20 commits`)
  await database.exec('checkpoint')
  assert.ok(database.counters().syncs > before + synced, 'a checkpoint syncs its files')
  await database.close()
})

test('a second opening of the same folder is refused; after close everything is, and closing again is harmless', async () => {
  const dir = newPath()
  const database = await open(dir)
  await assert.rejects(openEmbedded({ dir, log: quietLog, lockPatienceMs: 0 }), /in use by process/)
  await database.ping()
  await database.close()
  assert.equal(existsSync(`${dir}.lock`), false)
  await assert.rejects(database.ping(), { code: 'shutting_down' })
  await database.close()
})

test('closing lets the open transaction finish, and what was committed is there at the next opening', async () => {
  const dir = newPath()
  const database = await open(dir)
  await database.exec('create table kept (id int)')
  const begun = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const writing = database.transaction('', async (session) => {
    await session.query('insert into kept values (1)', [])
    begun.resolve()
    await gate.promise
    await session.query('insert into kept values (2)', [])
  })
  await begun.promise
  const closing = database.close()
  await assert.rejects(database.ping(), { code: 'shutting_down' })
  gate.resolve()
  await Promise.all([writing, closing])
  const again = await open(dir)
  assert.deepEqual((await again.exec('select id from kept'))[0]?.rows, [[1], [2]])
  await again.close()
})

test('a process that forgets to close still ends, and its folder opens again', async () => {
  const dir = newPath()
  const forgetful = startChild('fixture-forgetful.ts', [dir])
  await forgetful.exited
  assert.deepEqual([forgetful.lines, forgetful.process.exitCode], [['1'], 0])
  const database = await open(dir)
  await database.ping()
  await database.close()
})

test('an unpacking that was killed leaves nothing in the way', async () => {
  const dir = newPath()
  mkdirSync(join(`${dir}.unpacking`, 'base'), { recursive: true })
  writeFileSync(join(`${dir}.unpacking`, 'PG_VERSION'), '1')
  const database = await open(dir)
  await database.ping()
  assert.equal(existsSync(`${dir}.unpacking`), false)
  await database.close()
})

test('a folder with other files is refused, untouched, and the lock is free again', async () => {
  const dir = newPath()
  mkdirSync(dir)
  writeFileSync(join(dir, 'letter.txt'), 'dear')
  await assert.rejects(open(dir), /holds files but no database/)
  assert.ok(existsSync(join(dir, 'letter.txt')))
  assert.equal(existsSync(`${dir}.lock`), false)
})

test('no acknowledged commit is lost to kill -9', async () => {
  const dir = newPath()
  const acknowledged: number[] = []
  const rounds = 2
  for (let round = 0; round < rounds; round++) {
    const writer = startChild('fixture-writer.ts', [dir, String(round * 1_000_000)])
    // Wherever the writer happens to be after so many commits: mostly inside the next one.
    await writer.printed(1 + Math.floor(Math.random() * 40))
    writer.process.kill('SIGKILL')
    await writer.exited
    acknowledged.push(...writer.lines.map(Number))
  }
  const database = await open(dir)
  const kept = new Set((await database.exec('select id from kept'))[0]?.rows.map(([id]) => id))
  assert.ok(acknowledged.length >= rounds)
  assert.deepEqual(
    acknowledged.filter((id) => !kept.has(id)),
    [],
  )
  // At most the one commit that was under way at each kill is there without having been acknowledged.
  assert.ok(kept.size - acknowledged.length <= rounds)
  await database.close()
})

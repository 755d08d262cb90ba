import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Session } from '../driver.ts'
import { openEmbedded } from './index.ts'
import { manualTimers, newPath, quietLog } from './testing.ts'

const statementDeadlineMs = 30_001
const queueDeadlineMs = 5_002
const idleDeadlineMs = 10_003

const timers = manualTimers()
const { startTimer } = timers
const limits = { statementDeadlineMs, queueDeadlineMs, idleDeadlineMs, housekeepingEveryMs: 0, startTimer }
const database = await openEmbedded({ dir: newPath(), log: quietLog, ...limits })
await database.exec('create table kept (id int)')
after(() => database.close())

const count = async (): Promise<unknown> => {
  const { rows } = await database.transaction('', (session) => session.query('select count(*)::int from kept', []))
  return rows[0]?.[0]
}

for (const endless of ['select pg_sleep(3600)', 'select count(*) from generate_series(1, 100000000000)']) {
  test(`${endless} is ended at its deadline, the server goes on, and nothing committed is lost`, async () => {
    await database.transaction('', (session) => session.query('insert into kept values (1)', []))
    const [before, { restarts }] = [Number(await count()), database.counters()]
    let later: Promise<unknown> = Promise.resolve()
    const running = database.transaction('', async (session) => {
      await session.query('insert into kept values (2)', [])
      later = assert.rejects(session.query(endless, []), { code: 'database_timeout' })
      await assert.rejects(session.query('select 1', []), { code: 'database_timeout' })
      return session.query('select 1', [])
    })
    const refused = assert.rejects(running, { code: 'database_timeout', status: 503 })
    await timers.started(statementDeadlineMs)
    // The main thread's event loop turns while the statement runs.
    for (let i = 0; i < 100; i++) await turn()
    assert.equal(database.counters().restarts, restarts)
    timers.fire(statementDeadlineMs)
    await Promise.all([refused, later])
    assert.equal(await count(), before)
    assert.equal(database.counters().restarts, restarts + 1)
  })
}

test('who waits too long for the session is told to come back', async () => {
  const gate = Promise.withResolvers<void>()
  const holding = database.transaction('', () => gate.promise)
  const waiting = database.transaction('', async () => {})
  const refused = assert.rejects(waiting, { code: 'database_busy', retryAfterSeconds: 2 })
  await timers.started(queueDeadlineMs)
  timers.fire(queueDeadlineMs)
  await refused
  gate.resolve()
  await holding
  assert.equal(database.counters().waiting, 0)
})

test('a transaction that holds the session without using it is rolled back', async () => {
  const before = await count()
  const used = Promise.withResolvers<Session>()
  const hanging = database.transaction('', async (session) => {
    await session.query('insert into kept values (3)', [])
    used.resolve(session)
    await new Promise(() => {})
  })
  const refused = assert.rejects(hanging, { code: 'database_timeout' })
  const session = await used.promise
  await timers.started(idleDeadlineMs)
  timers.fire(idleDeadlineMs)
  await refused
  assert.equal(await count(), before)
  await assert.rejects(session.query('select 1', []), { code: 'database_timeout' })
})

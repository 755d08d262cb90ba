import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openEmbedded } from './index.ts'
import { manualTimers, quietLog } from './testing.ts'

const housekeepingEveryMs = 30_004
const timers = manualTimers()
const tidied = Promise.withResolvers<object>()
const log = { ...quietLog, info: (details: object) => tidied.resolve(details) }
const database = await openEmbedded({ dir: null, log, housekeepingEveryMs, startTimer: timers.startTimer })
after(() => database.close())

const rows = async (text: string): Promise<unknown> => (await database.exec(text)).at(-1)?.rows

test('what changed is vacuumed and analysed, the rest is left alone', async () => {
  await database.exec('create table busy (id int); create table still (id int)')
  await database.exec('insert into busy select generate_series(1, 5000); insert into still values (1)')
  await database.exec('update busy set id = id + 1')
  assert.deepEqual(await database.housekeep(), ['vacuum public.busy', 'analyze public.busy'])
  assert.deepEqual(await rows(`select n_dead_tup from pg_stat_user_tables where relname = 'busy'`), [['0']])
  assert.deepEqual(await rows(`select reltuples from pg_class where relname = 'busy'`), [[5000]])
  assert.deepEqual(await database.housekeep(), [])
})

test('a log of more than a segment is checkpointed', async () => {
  await database.exec('create table long (text text)')
  await database.exec('alter table long alter text set storage external')
  await database.exec(`insert into long select repeat(md5(g::text), 3000) from generate_series(1, 200) g`)
  assert.ok((await database.housekeep()).includes('checkpoint'))
  assert.deepEqual(await database.housekeep(), [])
})

test('the timer lets a busy session be, and tidies when it is quiet', async () => {
  await database.exec('insert into still select generate_series(1, 5000)')
  const gate = Promise.withResolvers<void>()
  const holding = database.transaction('', () => gate.promise)
  await timers.started(housekeepingEveryMs)
  timers.fire(housekeepingEveryMs)
  gate.resolve()
  await holding
  await timers.started(housekeepingEveryMs)
  timers.fire(housekeepingEveryMs)
  assert.deepEqual(await tidied.promise, { done: ['vacuum public.still', 'analyze public.still'] })
})

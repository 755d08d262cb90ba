import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openEmbedded } from './index.ts'
import { quietLog } from './testing.ts'

const database = await openEmbedded({ dir: null, log: quietLog })
after(() => database.close())

const one = async (text: string, params: unknown[] = []): Promise<unknown> => {
  const { rows } = await database.transaction('', (session) => session.query(text, params))
  return rows[0]?.[0]
}

test('the extensions are there', async () => {
  await database.exec('create extension vector; create extension pg_trgm')
  assert.equal(await one(`select '[1,2]'::vector <-> '[1,3]'`), 1)
  assert.equal(await one(`select similarity('tutor', 'tutor')`), 1)
})

const values: [sql: string, read: unknown][] = [
  ['7::int2', 7],
  ['-7::int4', -7],
  ['7::int8', '7'],
  ['1.50::numeric', '1.50'],
  ['1.5::float4', 1.5],
  [`'NaN'::float8`, Number.NaN],
  [`'-Infinity'::float8`, Number.NEGATIVE_INFINITY],
  ['true', true],
  ['false', false],
  ['null::int', null],
  [`'ü😀'::text`, 'ü😀'],
  [`''::text`, ''],
  [`'{"a":[1,null]}'::jsonb`, { a: [1, null] }],
  [`'[1]'::json`, [1]],
  [`'\\x00ff'::bytea`, Buffer.from([0, 255])],
  [`''::bytea`, Buffer.alloc(0)],
  [`'2026-01-02 03:04:05+00'::timestamptz`, '2026-01-02 03:04:05+00'],
  [`'{a,b}'::text[]`, '{a,b}'],
]
for (const [sql, expected] of values) {
  test(`reads ${sql}`, async () => assert.deepEqual(await one(`select ${sql}`), expected))
}

const params: [value: unknown, type: string, expected: unknown][] = [
  ['it’s', 'text', 'it’s'],
  [3, 'int4', 3],
  [3, 'text', '3'],
  [1.5, 'float8', 1.5],
  [2n ** 62n, 'int8', String(2n ** 62n)],
  [true, 'bool', true],
  [null, 'int4', null],
  [undefined, 'text', null],
  [new Date(0), 'timestamptz', '1970-01-01 00:00:00+00'],
  [Buffer.from([0, 1, 255]), 'bytea', Buffer.from([0, 1, 255])],
  [new Uint8Array([1, 2, 3]).subarray(1), 'bytea', Buffer.from([2, 3])],
  [{ a: 'ü' }, 'jsonb', { a: 'ü' }],
  ['[1]', 'jsonb', [1]],
  [['a"b', 'c\\d', null, 'NULL', '', 'x,y'], 'text[]', '{"a\\"b","c\\\\d",NULL,"NULL","","x,y"}'],
  [[1, 2], 'int4[]', '{1,2}'],
  [[], 'int4[]', '{}'],
  [[[1], [2]], 'int4[]', '{{1},{2}}'],
  [[Buffer.from([1])], 'bytea[]', '{"\\\\x01"}'],
  [[{ a: 1 }], 'jsonb[]', '{"{\\"a\\": 1}"}'],
]
for (const [value, type, expected] of params) {
  test(`sends ${typeof value} ${String(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}` : v)))} as ${type}`, async () =>
    assert.deepEqual(await one(`select $1::${type}`, [value]), expected))
}

test('answers the column names and the number of rows touched', async () => {
  await database.exec('create table touched (id int)')
  const answers = await database.transaction('', async (session) => [
    await session.query('insert into touched select generate_series(1, $1::int)', [5]),
    await session.query('update touched set id = id where id > 2', []),
    await session.query('select id as a, id as b from touched where id = 1', []),
  ])
  assert.deepEqual(
    answers.map((answer) => answer.count),
    [5, 3, 1],
  )
  assert.deepEqual(answers[2]?.fields, ['a', 'b'])
  assert.deepEqual(answers[2]?.rows, [[1, 1]])
})

test('an error carries SQLSTATE and constraint, and the session is clean afterwards', async () => {
  await database.exec('create table single (id int constraint single_id primary key)')
  const insertTwice = database.transaction('', async (session) => {
    await session.query('insert into single values ($1)', [1])
    await session.query('insert into single values ($1)', [1])
  })
  await assert.rejects(insertTwice, { name: 'PgError', code: '23505', constraint: 'single_id', table: 'single' })
  assert.equal(await one('select count(*) from single'), '0')
})

test('after a failed statement the rest is refused, and swallowing the error commits nothing', async () => {
  await database.exec('create table swallowed (id int)')
  const swallow = database.transaction('', async (session) => {
    await session.query('insert into swallowed values (1)', [])
    await assert.rejects(session.query('select 1 / $1::int', [0]), { code: '22012' })
    await assert.rejects(session.query('select 1', []), { code: '25P02' })
  })
  await assert.rejects(swallow, { code: '22012' })
  assert.equal(await one('select count(*) from swallowed'), '0')
})

test('a savepoint undoes a failed part', async () => {
  await database.exec('create table saved (id int)')
  await database.transaction('', async (session) => {
    await session.query('insert into saved values (1)', [])
    await session.query('savepoint part', [])
    await assert.rejects(session.query('select 1 / 0', []))
    await session.query('rollback to savepoint part', [])
  })
  assert.equal(await one('select count(*) from saved'), '1')
})

test('a callback that throws rolls back and its error comes through', async () => {
  await database.exec('create table thrown (id int)')
  const failing = database.transaction('', async (session) => {
    await session.query('insert into thrown values (1)', [])
    throw new Error('changed my mind')
  })
  await assert.rejects(failing, { message: 'changed my mind' })
  assert.equal(await one('select count(*) from thrown'), '0')
})

test('a deferred constraint fails the commit', async () => {
  await database.exec(
    'create table parent (id int primary key); create table child (id int constraint has_parent references parent deferrable initially deferred)',
  )
  const orphan = database.transaction('', (session) => session.query('insert into child values (1)', []))
  await assert.rejects(orphan, { code: '23503', constraint: 'has_parent' })
})

test('statements sent without waiting run in order', async () => {
  const texts = await database.transaction('', async (session) => {
    const sent = [1, 2, 3].map((n) =>
      session.query(`select coalesce(current_setting('test.seen', true), '') || $1`, [n]),
    )
    const marked = session.query(`select set_config('test.seen', 'later', true)`, [])
    const last = session.query(`select current_setting('test.seen')`, [])
    return Promise.all([...sent, marked, last].map(async (answer) => (await answer).rows[0]?.[0]))
  })
  assert.deepEqual(texts, ['1', '2', '3', 'later', 'later'])
})

test('the prelude holds for its transaction and no longer', async () => {
  await database.exec('create role visitor')
  const inside = await database.transaction('set local role visitor', (session) =>
    session.query('select current_user', []),
  )
  assert.equal(inside.rows[0]?.[0], 'visitor')
  assert.equal(await one('select current_user'), 'postgres')
})

test('a prelude that fails fails the first statement', async () => {
  const failing = database.transaction('set local role nobody_at_all', (session) => session.query('select 1', []))
  await assert.rejects(failing, { code: '22023' })
  assert.equal(await one('select 1'), 1)
})

test('a transaction without statements is fine', async () => {
  assert.equal(await database.transaction('set local role visitor', async () => 5), 5)
})

test('a batch answers each of its statements, which see what those before them did', async () => {
  await database.exec('create table batched (n int not null)')
  const statements = [1, 2].map((n) => ({ text: 'insert into batched values ($1) returning n', params: [n] }))
  const all = { text: 'select sum(n)::int from batched', params: [] }
  for (const sum of [3, 6]) {
    const answers = await database.batch('', [...statements, all])
    assert.deepEqual(
      answers.map(({ rows }) => rows),
      [[[1]], [[2]], [[sum]]],
    )
  }
})

test('a batch of which one statement fails counts not at all, and can be sent again', async () => {
  const statements = (last: number | null) =>
    [7, last, 8].map((n) => ({ text: 'insert into batched select $1::int', params: [n] }))
  await assert.rejects(database.batch('', statements(null)), { code: '23502' })
  assert.equal(await one('select count(*) from batched where n >= 7'), '0')
  await database.batch('', statements(9))
  await assert.rejects(database.batch('', statements(null)), { code: '23502' })
  await database.batch('', statements(9))
  assert.equal(await one('select count(*) from batched where n >= 7'), '6')
})

test('a batch whose tables have changed since is read anew', async () => {
  const all = [{ text: 'select * from batched where n = $1', params: [1] }]
  await database.batch('', all)
  await database.exec(`alter table batched add column name text default 'new'`)
  await assert.rejects(database.batch('', all), { code: '0A000' })
  assert.deepEqual((await database.batch('', all))[0]?.rows[0], [1, 'new'])
})

test('the prelude of a batch holds for it and no longer', async () => {
  const [inside] = await database.batch('set local role visitor', [{ text: 'select current_user', params: [] }])
  assert.equal(inside?.rows[0]?.[0], 'visitor')
  assert.equal(await one('select current_user'), 'postgres')
  await assert.rejects(database.batch('set local role nobody_at_all', [{ text: 'select 1', params: [] }]), {
    code: '22023',
  })
  assert.equal(await one('select 1'), 1)
})

test('a session kept after its transaction is refused', async () => {
  const kept = await database.transaction('', async (session) => session)
  await assert.rejects(kept.query('select 1', []), /has been committed/)
})

test('transactions run one after the other', async () => {
  await database.exec('create table counter (n int); insert into counter values (0)')
  const increment = () =>
    database.transaction('', async (session) => {
      const { rows } = await session.query('select n from counter', [])
      await session.query('update counter set n = $1', [Number(rows[0]?.[0]) + 1])
    })
  await Promise.all(Array.from({ length: 50 }, increment))
  assert.equal(await one('select n from counter'), 50)
})

test('exec runs several statements and answers each', async () => {
  const answers = await database.exec('select 1 as a; select 2 as b')
  assert.deepEqual(
    answers.map((answer) => answer.rows),
    [[[1]], [[2]]],
  )
  await assert.rejects(database.exec('select 1; select nonsense'), { code: '42703' })
})

test('exec leaves no transaction open', async () => {
  await assert.rejects(database.exec('begin; create table half (id int); select nonsense'), { code: '42703' })
  await database.exec('begin; create table half (id int)')
  assert.equal(await one(`select to_regclass('half')`), null)
})

test('text with a zero character is refused and harms nobody', async () => {
  await assert.rejects(one(`select 'a\0b'`), { code: '08P01' })
  await assert.rejects(one('select $1::text', ['a\0b']), { code: '22021' })
  assert.equal(await one('select 1'), 1)
})

test('a large answer comes whole', async () => {
  const text = await one(`select string_agg(repeat(md5(g::text), 100), '') from generate_series(1, 1000) g`)
  assert.equal(String(text).length, 3_200_000)
})

test('ping answers', () => database.ping())

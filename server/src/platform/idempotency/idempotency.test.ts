/** The same call sent again: one effect, and the answer of the first. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { empty, json, jsonBody, route } from '@lyceum/contract/route'
import { uuidv7 } from 'uuidv7'
import { z } from 'zod'
import { systemActor } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import { createHttp } from '#platform/http/index.ts'
import { createMount } from '#platform/http/mount.ts'
import { createHandClock, quietLog } from '#platform/jobs/testing.ts'
import { ownCounters } from '#platform/limits/counters.ts'
import { createLimits } from '#platform/limits/index.ts'
import { type TestApp, testApp } from '#testing/app.ts'
import { newInstitution, newPerson, type Person, type Reply } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'
import { createIdempotency } from './index.ts'

const dayMs = 24 * 60 * 60 * 1000
let test: TestApp
before(async () => {
  test = await testApp()
})

const Note = z.object({ text: z.string(), tags: z.array(z.string()).default([]) })
const writeNote = route({
  id: 'writeNote',
  method: 'POST',
  path: '/notes',
  auth: 'signed_in',
  scope: 'account',
  summary: '',
  idempotent: true,
  body: jsonBody(Note),
  reply: json(z.object({ id: z.string(), text: z.string() }), 201),
})
const dropNotes = route({
  id: 'dropNotes',
  method: 'DELETE',
  path: '/notes',
  auth: 'signed_in',
  scope: 'account',
  summary: '',
  idempotent: true,
  reply: empty(),
})

/** Processes of a server with these two routes, on the run's database and with one clock. */
const openHome = async () => {
  const clock = createHandClock()
  const institutionId = await newInstitution(test)
  const personId = uuidv7()
  const state = { effects: 0, rule: async (): Promise<void> => undefined }
  const { db } = test.platform
  const open = (actorId = personId) => {
    const http = createHttp({ log: quietLog, trustProxy: false })
    const idempotency = createIdempotency({ db, clock, log: quietLog })
    const mount = createMount({
      http,
      clock,
      authenticate: async () => ({ ...systemActor({ institutionId, personId: actorId }, 'r'), kind: 'person' }),
      limits: createLimits(null, ownCounters(), clock),
      idempotency,
      maxUploadBytes: 1000,
    })
    mount(writeNote, async ({ body }) => {
      await state.rule()
      state.effects += 1
      return { id: String(state.effects), text: body.text }
    })
    mount(dropNotes, async () => {
      state.effects += 1
    })
    const send = async (method: 'POST' | 'DELETE', payload: object | undefined, key?: string): Promise<Reply> => {
      const headers = key === undefined ? {} : { 'idempotency-key': key }
      const reply = await http.inject({ method, url: '/api/v1/notes', headers, ...(payload && { payload }) })
      return { status: reply.statusCode, headers: reply.headers, body: reply.payload ? reply.json() : '' }
    }
    return {
      idempotency,
      write: (key?: string, body: object = { text: 'a' }) => send('POST', body, key),
      drop: (key?: string) => send('DELETE', undefined, key),
    }
  }
  return { clock, state, personId, open, ...open() }
}

const isReplayed = ({ headers }: Reply): boolean => headers['idempotency-replayed'] === 'true'

describe('a call with an Idempotency-Key', () => {
  it('is done once, and answered alike each time', async () => {
    const { write, state } = await openHome()
    const [first, again, third] = [await write('key-1'), await write('key-1'), await write('key-1')]
    assert.deepEqual([first.status, isReplayed(first)], [201, false])
    for (const reply of [again, third]) {
      assert.deepEqual([reply.status, isReplayed(reply), reply.body], [201, true, first.body])
      assert.equal(reply.headers['content-type'], first.headers['content-type'])
      assert.equal(reply.headers['cache-control'], 'private, no-store')
    }
    assert.equal(state.effects, 1)
  })

  it('without a body is answered as well', async () => {
    const { drop, state } = await openHome()
    const replies = [await drop('key-1'), await drop('key-1')]
    assert.deepEqual(
      replies.map(({ status, body }) => [status, body]),
      [
        [204, ''],
        [204, ''],
      ],
    )
    assert.deepEqual([state.effects, replies.map(isReplayed)], [1, [false, true]])
  })

  it('is done anew under another key, without one, and by another person', async () => {
    const { write, open, state } = await openHome()
    const stranger = open(uuidv7())
    for (const reply of [
      await write('key-1'),
      await write('key-2'),
      await write(),
      await write(),
      await stranger.write('key-1'),
    ]) {
      assert.deepEqual([reply.status, isReplayed(reply)], [201, false])
    }
    assert.equal(state.effects, 5)
  })

  it('is the same however its members are written, and another when it asks for something else', async () => {
    const { write, drop, state } = await openHome()
    await write('key-1', { text: 'a', tags: ['x'] })
    assert.equal(isReplayed(await write('key-1', { tags: ['x'], text: 'a', unknown: 1 })), true)
    for (const other of [{ text: 'b', tags: ['x'] }, { text: 'a', tags: [] }, { text: 'a' }]) {
      assertProblem(await write('key-1', other), 409, 'idempotency_mismatch')
    }
    assertProblem(await drop('key-1'), 409, 'idempotency_mismatch')
    assert.equal(state.effects, 1)
  })

  it('is refused while the first is under way, in whichever process', async () => {
    const { write, open, state } = await openHome()
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    state.rule = () => {
      begun.resolve()
      return gate.promise
    }
    const first = write('key-1')
    await begun.promise
    for (const process of [{ write }, open()]) {
      const reply = await process.write('key-1')
      assertProblem(reply, 409, 'idempotency_in_progress')
      assert.equal(reply.headers['retry-after'], '1')
      assertProblem(await process.write('key-1', { text: 'b' }), 409, 'idempotency_mismatch')
    }
    gate.resolve()
    assert.equal((await first).status, 201)
    assert.equal(isReplayed(await write('key-1')), true)
    assert.equal(state.effects, 1)
  })

  it('is under way for as long as it takes', async () => {
    const { write, clock, state, personId } = await openHome()
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    state.rule = () => {
      begun.resolve()
      return gate.promise
    }
    const first = write('key-1')
    await begun.promise
    // The renewal goes by itself, on another session of the database.
    const renewed = async (): Promise<void> => {
      const until = new Date(clock.now().getTime() + 30_000).toISOString()
      const look = `select 1 from idempotency_keys where person_id = '${personId}' and lease_until = '${until}'`
      while ((await test.admin.exec(look))[0]?.rows.length === 0) await setImmediate()
    }
    for (let passed = 0; passed < 120; passed += 10) {
      clock.advance(10_000)
      await renewed()
      assertProblem(await write('key-1'), 409, 'idempotency_in_progress')
    }
    gate.resolve()
    assert.equal((await first).status, 201)
    assert.equal(state.effects, 1)
  })

  it('whose process died is done by the next one, once nobody holds it', async () => {
    const { write, clock, state, personId } = await openHome()
    await write('key-1')
    // What a process that was killed before the answer leaves behind.
    await test.admin.exec(
      `update idempotency_keys set status = null, lease_until = '${new Date(clock.now().getTime() + 30_000).toISOString()}' where person_id = '${personId}'`,
    )
    assertProblem(await write('key-1'), 409, 'idempotency_in_progress')
    clock.advance(30_000)
    assertProblem(await write('key-1', { text: 'b' }), 409, 'idempotency_mismatch')
    const replies = await Promise.all(Array.from({ length: 20 }, () => write('key-1')))
    assert.equal(
      replies.filter(({ status }) => status === 201).length + replies.filter(({ status }) => status === 409).length,
      20,
    )
    assert.equal(state.effects, 2)
  })

  it('that was refused or failed is done when it is sent again', async () => {
    const { write, state } = await openHome()
    state.rule = async () => {
      throw new AppError('not_found', 'Not here.')
    }
    assertProblem(await write('key-1'), 404, 'not_found')
    state.rule = async () => {
      throw new Error('a bug')
    }
    assertProblem(await write('key-1', { text: 'b' }), 500, 'internal_error')
    state.rule = async () => undefined
    assert.equal((await write('key-1')).status, 201)
    assert.equal(state.effects, 1)
  })

  it('sent a hundred times at once has one effect', async () => {
    const { write, open, state } = await openHome()
    const processes = [{ write }, open()]
    const replies = await Promise.all(Array.from({ length: 100 }, (_, at) => processes[at % 2]?.write('key-1')))
    assert.equal(state.effects, 1)
    for (const reply of replies) assert.ok(reply && [201, 409].includes(reply.status), JSON.stringify(reply?.body))
    assert.equal(replies.filter((reply) => reply?.status === 201 && !isReplayed(reply)).length, 1)
    assert.equal(isReplayed(await write('key-1')), true)
  })

  it('is remembered for a day', async () => {
    const { write, idempotency, clock, state, personId } = await openHome()
    await write('key-1')
    await write('key-2')
    clock.advance(dayMs - 1)
    await idempotency.purge(clock.now())
    assert.equal(isReplayed(await write('key-1')), true)
    clock.advance(1)
    assert.equal((await write('key-1', { text: 'b' })).status, 201, 'before it is purged, too')
    await idempotency.purge(clock.now())
    const left = await test.admin.exec(`select 1 from idempotency_keys where person_id = '${personId}'`)
    assert.equal(left[0]?.rows.length, 1)
    assert.equal(isReplayed(await write('key-1', { text: 'b' })), true)
    assert.equal(isReplayed(await write('key-2')), false)
    assert.equal(state.effects, 4)
  })

  it('is not taken with a key that is none', async () => {
    const { write, state } = await openHome()
    for (const key of ['', ' ', 'a b', 'ä', 'x'.repeat(256), 'a, b'])
      assertProblem(await write(key), 422, 'input_invalid')
    assert.equal((await write('x'.repeat(255))).status, 201)
    assert.equal(state.effects, 1)
  })
})

describe('through the app', () => {
  let ada: Person
  before(async () => {
    ada = await newPerson(test)
  })
  const question = { message: 'When was the harbour of Emden built?' }
  const ask = (key: string, body: object = question): Promise<Reply> =>
    ada.call('POST', '/chat', body, { 'idempotency-key': key })
  const turnsOf = async (person: Person): Promise<number> => {
    const [{ rows } = { rows: [] }] = await test.admin.exec(
      `select count(*)::int from turns where person_id = '${person.id}'`,
    )
    return Number(rows[0]?.[0])
  }
  const stream = async (key: string): Promise<Response> =>
    fetch(`${test.url}/api/v1/chat`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ada.token}`,
        accept: 'text/event-stream',
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(question),
    })

  it('a question is asked once: whoever sends it again gets its turn, whole or as a stream', async () => {
    const key = randomUUID()
    const first = await ask(key)
    const asked = await turnsOf(ada)
    const again = await ask(key)
    assert.deepEqual([again.status, isReplayed(again), again.body], [200, true, first.body])
    const reply = await stream(key)
    assert.equal(reply.headers.get('idempotency-replayed'), 'true')
    const text = await reply.text()
    assert.ok(text.includes(first.body.turnId) && text.includes('[DONE]'), text)
    assert.equal(await turnsOf(ada), asked)
    assertProblem(await ask(key, { message: 'Another one?' }), 409, 'idempotency_mismatch')
  })

  it('a stream that broke off is read from its beginning under the same key', async () => {
    const key = randomUUID()
    const broken = new AbortController()
    const reply = await fetch(`${test.url}/api/v1/chat`, {
      method: 'POST',
      signal: broken.signal,
      headers: {
        authorization: `Bearer ${ada.token}`,
        accept: 'text/event-stream',
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(question),
    })
    assert.equal(reply.status, 200)
    broken.abort()
    const asked = await turnsOf(ada)
    const text = await (await stream(key)).text()
    assert.match(text, /^id: 1\n/)
    assert.match(text, /\[DONE\]/)
    assert.equal(await turnsOf(ada), asked)
  })

  it('a question sent a hundred times at once is asked once', async () => {
    const ben = await newPerson(test)
    const replies = await Promise.all(
      Array.from({ length: 100 }, () => ben.call('POST', '/chat', question, { 'idempotency-key': 'once' })),
    )
    assert.equal(await turnsOf(ben), 1)
    for (const { status, body } of replies) assert.ok(status === 200 || status === 409, JSON.stringify(body))
    const { body } = await ben.call('POST', '/chat', question, { 'idempotency-key': 'once' })
    const turns = replies.filter(({ status }) => status === 200).map((reply) => reply.body.turnId)
    assert.deepEqual([...new Set(turns)], [body.turnId])
  })

  it('a question that was written down before its process died is not asked again', async () => {
    const cid = await newPerson(test)
    const call = () => cid.call('POST', '/chat', question, { 'idempotency-key': 'once' })
    const { body } = await call()
    await test.admin.exec(
      `update idempotency_keys set status = null, lease_until = '2026-01-01' where person_id = '${cid.id}'`,
    )
    const again = await call()
    assert.deepEqual([again.status, again.body.turnId], [200, body.turnId])
    assert.equal(await turnsOf(cid), 1)
  })

  it('a refused question may be put right under its key', async () => {
    const key = randomUUID()
    assertProblem(await ask(key, { ...question, documentIds: [uuidv7()] }), 404, 'document_not_found')
    assert.equal((await ask(key)).status, 200)
  })

  it('a file is uploaded once, whatever boundary it is sent with, and another one is not taken for it', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const send = (boundary: string, name: string, text: string) =>
      test.app.http.inject({
        method: 'POST',
        url: '/api/v1/documents',
        headers: {
          ...headers,
          authorization: `Bearer ${ada.token}`,
          'content-type': `multipart/form-data; boundary=${boundary}`,
        },
        payload: `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n${text}\r\n--${boundary}--\r\n`,
      })
    const first = await send('one', 'tides.txt', 'The tides of Emden.')
    const again = await send('another-boundary', 'tides.txt', 'The tides of Emden.')
    assert.deepEqual(
      [again.statusCode, again.headers['idempotency-replayed'], again.json()],
      [202, 'true', first.json()],
    )
    assert.equal((await send('one', 'other.txt', 'The tides of Emden.')).statusCode, 409)
    assert.equal((await send('one', 'tides.txt', 'The tides of Emden, all of them.')).statusCode, 409)
  })

  it('reads take no notice of a key', async () => {
    const me = () => ada.call('GET', '/auth/me', undefined, { 'idempotency-key': 'not a key' })
    assert.deepEqual([(await me()).status, isReplayed(await me())], [200, false])
  })
})

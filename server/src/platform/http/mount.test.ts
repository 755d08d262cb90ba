/** What a route lets in, hands to its rule, and lets out. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { empty, json, jsonBody, multipart, type Route, route } from '@lyceum/contract/route'
import { z } from 'zod'
import { type Actor, systemActor } from '#platform/actor.ts'
import { get, named, serve, serveThing, Thing } from '#testing/one-route.ts'
import { multipartOf } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

describe('a reply', () => {
  it('loses what the contract does not name', async () => {
    const { body } = await serveThing(async () => ({ name: 'a', passwordHash: 'secret' })).call()
    assert.deepEqual(body, { name: 'a' })
  })

  for (const wrong of [{ name: 7, secret: 'leak-me' }, {}, null, undefined, 'leak-me', { kind: 'json' }]) {
    it(`of the wrong shape is our fault and leaks nothing: ${JSON.stringify(wrong)}`, async () => {
      const reply = await serveThing(async () => wrong).call()
      assertProblem(reply, 500, 'internal_error')
      assert.ok(!reply.text.includes('leak-me') && !reply.text.includes('name'))
    })
  }

  it('is kept by no cache', async () => {
    assert.equal((await serveThing(named).call()).headers['cache-control'], 'private, no-store')
  })
})

describe('the gate of a route', () => {
  const someone = systemActor({ institutionId: 'i', personId: 'p' }, 'r')
  const actors: Record<string, Actor | null> = {
    nobody: null,
    student: someone,
    teacher: { ...someone, role: 'teacher' },
    admin: { ...someone, role: 'admin' },
    'a key for chat': { ...someone, kind: 'key', scopes: ['chat'] },
    'a key for documents': { ...someone, kind: 'key', scopes: ['documents:read', 'documents:write'] },
    'a key for nothing': { ...someone, role: 'admin', kind: 'key', scopes: [] },
  }
  const statuses: Record<Route['auth'], number[]> = {
    anyone: [204, 204, 204, 204, 204, 204, 204],
    signed_in: [401, 204, 204, 204, 204, 403, 403],
    staff: [401, 403, 204, 204, 403, 403, 403],
    admin: [401, 403, 403, 204, 403, 403, 403],
  }
  for (const auth of ['anyone', 'signed_in', 'staff', 'admin'] as const) {
    it(`for ${auth} lets in who may, before it reads a body`, async () => {
      const of = route({ ...get, auth, method: 'POST', reply: empty() })
      const tried = Object.values(actors).map(
        async (actor) => (await serve(of, async () => undefined, { actor }).call()).status,
      )
      assert.deepEqual(await Promise.all(tried), statuses[auth])
      const broken = { payload: '{', headers: { 'content-type': 'application/json' } }
      const { status } = await serve(of, async () => undefined).call(broken)
      assert.equal(status, auth === 'anyone' ? 400 : 401)
    })
  }

  it('tells a key what it lacks', async () => {
    const of = route({ ...get, auth: 'signed_in', reply: empty() })
    const { call } = serve(of, async () => undefined, { actor: actors['a key for documents'] ?? null })
    assertProblem(await call(), 403, 'scope_missing')
  })
})

describe('a call', () => {
  it('reports all faults of all its parts together', async () => {
    const of = route({
      ...get,
      method: 'POST',
      path: '/:id',
      params: z.object({ id: z.uuid() }),
      query: z.object({ limit: z.coerce.number() }),
      body: jsonBody(Thing),
      reply: empty(),
    })
    const reply = await serve(of, async () => undefined).call({ url: '/api/v1/x?limit=y', payload: { name: 1 } })
    assertProblem(reply, 422, 'input_invalid')
    assert.deepEqual(reply.body.errors.map(({ path }: { path: string }) => path).sort(), ['id', 'limit', 'name'])
  })

  const uploading = route({
    ...get,
    method: 'POST',
    body: multipart(z.object({})),
    reply: json(z.object({ bytes: z.int() })),
  })
  const upload = (size: number) => {
    const { payload, contentType } = multipartOf('a.txt', 'x'.repeat(size), {})
    return { payload, headers: { 'content-type': contentType } }
  }

  it('with a file hands it on whole, or cut and marked at the limit', async () => {
    const seen: boolean[] = []
    const { call } = serve(uploading, async ({ upload: { stream, isTooLarge } }) => {
      const bytes = (await buffer(stream)).length
      seen.push(isTooLarge())
      return { bytes }
    })
    assert.equal((await call(upload(1000))).body.bytes, 1000)
    assert.equal((await call(upload(1001))).body.bytes, 1000)
    assert.deepEqual(seen, [false, true])
  })

  it('whose fields come after its file is refused, however late they come', async () => {
    const { payload, headers } = upload(1000)
    const isRead = Promise.withResolvers<void>()
    const { call } = serve(uploading, async ({ upload: { stream } }) => {
      stream.once('data', isRead.resolve)
      return { bytes: (await buffer(stream)).length }
    })
    const boundary = headers['content-type'].split('=')[1]
    const late = `content-disposition: form-data; name="late"\r\n\r\nx\r\n--${boundary}--\r\n`
    const slowly = async function* () {
      yield Buffer.concat([payload.subarray(0, -4), Buffer.from('\r\n')])
      await isRead.promise
      // Turns enough for an answer to be on its way, were it not to wait for the rest.
      for (let turn = 0; turn < 50; turn += 1) await setImmediate()
      yield Buffer.from(late)
    }
    assertProblem(await call({ payload: Readable.from(slowly()), headers }), 422, 'input_invalid')
  })

  it('whose file breaks off before anyone reads it fails when it is read, and kills nothing', async () => {
    const { call } = serve(uploading, async ({ upload: { stream } }) => {
      if (!stream.closed) await once(stream, 'close')
      return { bytes: (await buffer(stream)).length }
    })
    const { payload, headers } = upload(1000)
    const reply = await call({ payload: payload.subarray(0, 500), headers })
    assertProblem(reply, 400, 'body_unparsable')
  })
})

describe('the kinds of body', () => {
  const post = { ...get, method: 'POST', reply: json(Thing) } as const
  const asForm = { 'content-type': 'application/x-www-form-urlencoded' }

  it('forms are read by their fields', async () => {
    const of = route({ ...post, body: { kind: 'form', schema: Thing } })
    const { call } = serve(of, async ({ body }) => body)
    assert.deepEqual((await call({ payload: 'name=a%20b&other=c', headers: asForm })).body, { name: 'a b' })
    assertProblem(await call({ payload: 'name=%00', headers: asForm }), 422, 'text_invalid')
    assertProblem(
      await call({ payload: '{"name":"a"}', headers: { 'content-type': 'application/json' } }),
      415,
      'content_type_unsupported',
    )
  })

  it('raw bytes come as they are', async () => {
    const of = route({ ...post, body: { kind: 'raw' } })
    const { call } = serve(of, async ({ body }) => ({ name: body.toString('hex') }))
    const sent = Buffer.from([0, 255, 1])
    assert.deepEqual((await call({ payload: sent, headers: { 'content-type': 'application/octet-stream' } })).body, {
      name: '00ff01',
    })
  })

  it('a form never passes for JSON', async () => {
    const of = route({ ...post, body: jsonBody(Thing) })
    assertProblem(await serve(of, named).call({ payload: 'name=a', headers: asForm }), 415, 'content_type_unsupported')
  })
})

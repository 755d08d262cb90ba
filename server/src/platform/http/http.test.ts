/** The HTTP layer by itself: headers, problems, logs. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { json, route } from '@lyceum/contract/route'
import { AppError } from '#platform/errors.ts'
import { get, named, serve, serveThing, Thing } from '#testing/one-route.ts'
import type { Reply } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

const failing = (error: unknown) => async () => {
  throw error
}

describe('every answer', () => {
  const answers: [string, () => Promise<Reply>][] = [
    ['a success', () => serveThing(named).call()],
    ['a refusal', () => serveThing(failing(new AppError('forbidden', 'No.'))).call()],
    ['a fault', () => serveThing(failing(new Error('x'))).call()],
    ['nothing there', () => serveThing(named).call({ url: '/nothing' })],
    ['an address that is none', () => serveThing(named).call({ url: '/%zz' })],
    [
      'an endless parameter',
      () =>
        serve(route({ ...get, path: '/:id', reply: json(Thing) }), named).call({ url: `/api/v1/${'x'.repeat(300)}` }),
    ],
    ['a body that is too large', () => serveThing(named).call({ method: 'POST', payload: 'x'.repeat(2_000_000) })],
  ]
  for (const [what, ask] of answers) {
    it(`says how browsers are to treat it: ${what}`, async () => {
      const { headers } = await ask()
      assert.match(String(headers['content-security-policy']), /default-src 'self'.*frame-ancestors 'none'/)
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['x-frame-options'], 'DENY')
      assert.equal(headers['referrer-policy'], 'no-referrer')
      assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/)
      assert.equal(headers['strict-transport-security'], undefined)
    })
  }

  it('tells browsers to stay with TLS where there is TLS', async () => {
    const { call } = serve(route({ ...get, reply: json(Thing) }), named, { trustProxy: true })
    const { headers } = await call({ headers: { 'x-forwarded-proto': 'https' } })
    assert.match(String(headers['strict-transport-security']), /max-age=\d{7,}/)
  })

  it('lets no other origin read it', async () => {
    for (const method of ['GET', 'OPTIONS'] as const) {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
      const reply = await serveThing(named).call({ method, headers })
      const allowed = Object.keys(reply.headers).filter((name) => name.startsWith('access-control-'))
      assert.deepEqual(allowed, [])
    }
  })

  const ids: [string, isTaken: boolean][] = [
    ['trace-1.a_b', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['', false],
    ['a b', false],
    ['<script>', false],
    ['{"a":1}', false],
  ]
  for (const [given, isTaken] of ids) {
    it(`${isTaken ? 'takes' : 'replaces'} the request id ${given.slice(0, 12)} (${given.length})`, async () => {
      const { headers, body } = await serveThing(failing(new Error('x'))).call({ headers: { 'x-request-id': given } })
      assert.equal(headers['x-request-id'] === given, isTaken)
      assert.equal(body.requestId, headers['x-request-id'])
    })
  }
})

describe('a problem', () => {
  it('of the caller says what to mend, and when to try again', async () => {
    const details = { errors: [{ path: 'name', message: 'Too long.' }] }
    const extras = { details, retryAfterSeconds: 7, cause: new Error('the inner cause') }
    const reply = await serveThing(failing(new AppError('rate_limited', 'Slower.', extras))).call()
    assertProblem(reply, 429, 'rate_limited')
    assert.equal(reply.headers['retry-after'], '7')
    assert.deepEqual([reply.body.detail, reply.body.errors], ['Slower.', details.errors])
    assert.ok(!reply.text.includes('inner cause'))
  })

  it('of ours is a bare 500, logged with its stack', async () => {
    const { call, lines } = serveThing(failing(new Error('the table caries is missing')))
    const reply = await call()
    assertProblem(reply, 500, 'internal_error')
    assert.ok(!reply.text.includes('caries'))
    const [line = ''] = lines.filter((each) => each.includes('caries'))
    const { err, requestId } = JSON.parse(line)
    assert.match(err.stack, /http\.test\.ts/)
    assert.equal(requestId, reply.body.requestId)
  })

  for (const thrown of [
    'a text',
    null,
    undefined,
    7,
    { statusCode: 200 },
    Object.assign(new Error('x'), { statusCode: 302 }),
  ]) {
    it(`is a bare 500 also when ${JSON.stringify(thrown)} is thrown`, async () => {
      assertProblem(await serveThing(failing(thrown)).call(), 500, 'internal_error')
    })
  }

  it('logs no secret and no parameter of a statement', async () => {
    const query = Object.assign(new Error('Failed query: select $1\nparams: my-diary'), { code: '22000' })
    const { call, lines, http } = serveThing(failing(new Error('outer', { cause: query })))
    http.addHook('preHandler', async ({ log }) => {
      log.info({ password: 'hidden-1', user: { refreshToken: 'hidden-2' }, authorization: 'hidden-3' }, 'careless')
    })
    await call({ headers: { authorization: 'Bearer hidden-4', cookie: 'lyceum_access=hidden-5' } })
    const text = lines.join('')
    assert.match(text, /Failed query: select \$1/)
    assert.match(text, /careless/)
    assert.doesNotMatch(text, /hidden-\d|my-diary/)
  })
})

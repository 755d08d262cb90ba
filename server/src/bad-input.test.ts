/** Every call with what no client of ours sends: attacks 22 to 24. Always a refusal that says what to mend, never a fault of ours. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { before, describe, it } from 'node:test'
import { allRoutes } from '@lyceum/contract'
import type { Route } from '@lyceum/contract/route'
import { type TestApp, testApp } from '#testing/app.ts'
import { newPerson, type Person } from '#testing/people.ts'
import { assertProblem, assertRefused } from '#testing/problems.ts'
import { json, jsonRoutes, type Raw, samples, sendRaw } from '#testing/raw.ts'

let test: TestApp
let ada: Person
before(async () => {
  test = await testApp()
  await newPerson(test, { role: 'admin' })
  ada = await newPerson(test)
})

const send = (route: Pick<Route, 'method' | 'path'>, raw: Raw) => sendRaw({ test, person: ada }, route, raw)
const megabytes = (count: number): Buffer => Buffer.alloc(count * 1024 * 1024, '[')
const nested = (depth: number, open: string, close: string): string =>
  `{"query":${open.repeat(depth)}1${close.repeat(depth)}}`

const badBodies: [string, () => Raw, status: number][] = [
  ['no body', () => ({}), 422],
  ['an empty body', () => ({ payload: '', headers: json }), 422],
  ...['null', '[]', '"text"', '1', 'true', '[{}]'].map((payload): [string, () => Raw, number] => [
    payload,
    () => ({ payload, headers: json }),
    422,
  ]),
  ['lists 10,000 deep', () => ({ payload: nested(10_000, '[', ']'), headers: json }), 422],
  ['objects 10,000 deep', () => ({ payload: nested(10_000, '{"a":', '}'), headers: json }), 422],
  ['lists as deep as 1 MiB allows', () => ({ payload: nested(500_000, '[', ']'), headers: json }), 422],
  ['50 MB of a named length', () => ({ payload: megabytes(50), headers: json }), 413],
  [
    '50 MB in chunks',
    () => ({ payload: Readable.from(Array.from({ length: 50 }, () => megabytes(1))), headers: json }),
    413,
  ],
  ['text that is no JSON', () => ({ payload: '{"query":', headers: json }), 400],
  ['JSON with a comment', () => ({ payload: '{/**/}', headers: json }), 400],
  ['NaN', () => ({ payload: '{"query":NaN}', headers: json }), 400],
  ['bytes that are no UTF-8', () => ({ payload: Buffer.from('{"query":"\xff\xfe"}', 'latin1'), headers: json }), 400],
  [
    'half a surrogate pair in bytes',
    () => ({ payload: Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'), headers: json }),
    400,
  ],
  ['a name that is half a pair', () => ({ payload: '{"\\ud800":1}', headers: json }), 422],
  ['no type', () => ({ payload: '{}' }), 415],
  ...[
    'text/plain',
    'application/xml',
    'application/problem+json',
    'application/jsonx',
    'json',
    '*/*',
    'a/b/c',
    '{}',
  ].map((type): [string, () => Raw, number] => [
    `the type ${type}`,
    () => ({ payload: '{}', headers: { 'content-type': type } }),
    415,
  ]),
]

/** Types that read as JSON or not, as the parser likes: the schema holds either way. */
const oddTypes = [
  ' application/json',
  'application/json ',
  'application/json\t',
  'application/json\t; charset=utf-8',
  'application/json; charset=utf-16',
  'application/json;',
  'APPLICATION/JSON',
  'application/json, text/plain',
  'application/json; application/xml',
]

describe('every JSON body', () => {
  it('has a sample here', () => {
    assert.deepEqual(jsonRoutes.map(({ id }) => id).sort(), Object.keys(samples).sort())
  })
  for (const route of jsonRoutes) {
    const sample = samples[route.id] ?? {}
    it(`of ${route.id} is refused as a whole when it is none`, async () => {
      for (const [what, raw, status] of badBodies) {
        const reply = await send(route, raw())
        assert.equal(reply.status, status, `${what}: ${JSON.stringify(reply.body)}`)
        assertProblem(reply, status)
      }
    })

    it(`of ${route.id} is held against its schema whatever its type says`, async () => {
      for (const type of oddTypes) {
        assertRefused(await send(route, { payload: '{"session":1,"stream":1}', headers: { 'content-type': type } }))
      }
    })

    for (const member of Object.keys(sample)) {
      const { [member]: _, ...rest } = sample
      it(`of ${route.id} is refused when ${member} is of another kind`, async () => {
        for (const value of ['1e400', '-1e400', 'null', '[]', '{}', '{"toString":1}', '{"$ne":null}', 'true']) {
          const payload = JSON.stringify({ [member]: 'HERE', ...rest }).replace('"HERE"', value)
          assertProblem(await send(route, { payload, headers: json }), 422, 'input_invalid')
        }
      })

      it(`of ${route.id} is refused when ${member} holds what is no text`, async () => {
        for (const text of ['\0', 'a\0b', '\ud800', '\udc00\ud800', 'tides\ud83d']) {
          const payload = JSON.stringify({ ...rest, [member]: text })
          assertProblem(await send(route, { payload, headers: json }), 422, 'text_invalid')
        }
      })
    }
  }

  it('cannot reach the prototypes', async () => {
    for (const payload of [
      '{"__proto__":{"spoilt":1},"query":"tides"}',
      '{"constructor":{"prototype":{"spoilt":1}},"query":"tides"}',
    ]) {
      const reply = await send({ method: 'POST', path: '/search' }, { payload, headers: json })
      assert.equal(reply.status, 200)
    }
    assertRefused(
      await send({ method: 'POST', path: '/search' }, { payload: '{"__proto__":{"query":"tides"}}', headers: json }),
    )
    assert.equal('spoilt' in {}, false)
  })

  it('may stand where none is read, if it is sound', async () => {
    for (const route of allRoutes.filter(({ body, method }) => !body && method !== 'GET')) {
      for (const payload of ['{', '[[[', '\xff', '{"a":"\\u0000"}']) {
        assertRefused(await send(route, { payload, headers: json }))
      }
      // These read no body and name no thing that is not there: they do what they are for.
      if (!route.path.includes(':')) continue
      for (const type of ['text/plain', 'multipart/form-data']) {
        assertRefused(await send(route, { payload: '{', headers: { 'content-type': type } }))
      }
    }
  })
})

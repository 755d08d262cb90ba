/** Every address with ids, numbers, cursors and methods that are none. */
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { allRoutes } from '@lyceum/contract'
import type { Route } from '@lyceum/contract/route'
import { uuidv7 } from 'uuidv7'
import { type TestApp, testApp } from '#testing/app.ts'
import { newPerson, type Person, request } from '#testing/people.ts'
import { assertProblem, assertRefused } from '#testing/problems.ts'
import { type Raw, sendRaw } from '#testing/raw.ts'

let test: TestApp
let ada: Person
let admin: Person
before(async () => {
  test = await testApp()
  ada = await newPerson(test)
  admin = await newPerson(test, { role: 'admin' })
})
/** As somebody who may call it. */
const send = (route: Pick<Route, 'method' | 'path'> & { auth?: Route['auth'] }, raw: Raw) =>
  sendRaw({ test, person: route.auth === 'admin' ? admin : ada }, route, raw)

describe('every address', () => {
  const badIds = [
    'abc',
    '1',
    '-1',
    'null',
    'undefined',
    '%00',
    '%',
    '%zz',
    '%E0%A4%A',
    '%ED%A0%80',
    '..%2f..%2fetc%2fpasswd',
    "'%3B%20drop%20table%20users%3B--",
    '00000000-0000-7000-8000-00000000000',
    '00000000-0000-7000-8000-0000000000011',
    `${uuidv7()}%00`,
    `${uuidv7()}%20`,
    'x'.repeat(201),
    'x'.repeat(5000),
    '🎓',
    '__proto__',
  ]
  for (const route of allRoutes.filter(({ params }) => params)) {
    it(`of ${route.id} is refused with an id that is none`, async () => {
      for (const id of badIds) {
        const url = `/api/v1${route.path.replace(/:(?!n\b)\w+/, () => encodeURI(id).replaceAll('%25', '%')).replace(':n', '1')}`
        assertRefused(await send(route, { url }))
      }
    })
  }

  it('of a page is refused with a number that is none', async () => {
    const { body } = await ada.read('page.txt', `One page of ${ada.id}`)
    const page = (rest: string) => ada.call('GET', `/documents/${body.id}/pages/${rest}`)
    assert.equal((await page('1')).status, 200)
    for (const n of ['0', '-1', '1.5', 'one', '1e9', '99999999999', 'NaN', 'Infinity', '%00'])
      assertRefused(await page(n))
    for (const version of ['0', '2', 'x', '99999999999', '1&version=2', '1e400', '']) {
      assertRefused(await page(`1?version=${version}`))
    }
  })

  const badQueries = [
    ...['0', '201', 'abc', '-1', '1.5', '', '1e400', 'NaN', '1&limit=2', '%00', '99999999999999999999'].map(
      (n) => `limit=${n}`,
    ),
    ...[
      'abc',
      '',
      '%00',
      '1.5',
      '-1',
      '1e400',
      '99999999999',
      'W10',
      'e30',
      'bnVsbA',
      '%ED%A0%80',
      '%zz',
      'a&cursor=b',
      'x'.repeat(501),
    ].map((text) => `cursor=${text}`),
    `cursor=${Buffer.from(JSON.stringify(['0000-01-01T00:00:00Z', uuidv7()])).toString('base64url')}`,
    `cursor=${Buffer.from(JSON.stringify(['2026-01-01T00:00:00Z', "' or 1=1 --"])).toString('base64url')}`,
  ]
  for (const route of allRoutes.filter(({ query, id }) => query && id !== 'getPage' && id !== 'deleteDocument')) {
    it(`of ${route.id} is refused with a limit or cursor that is none`, async () => {
      // The owner's own, so that no 404 hides what is asked.
      const { body: document } = await ada.read('page.txt', `One page of ${ada.id}`)
      const { body: answer } = await ada.call('POST', '/chat', { message: 'page' })
      const id = route.path.startsWith('/documents') ? document.id : answer.conversationId
      const url = `/api/v1${route.path.replace(':id', id)}`
      assert.equal((await send(route, { url: `${url}?limit=200` })).status, 200)
      for (const query of badQueries) {
        const reply = await send(route, { url: `${url}?${query}` })
        assert.equal(reply.status, 422, `${query}: ${JSON.stringify(reply.body)}`)
        assertRefused(reply)
      }
    })
  }

  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
  const known = new Set(allRoutes.map(({ method, path }) => `${method} ${path}`))
  for (const method of methods) {
    it(`answers 404 or 405 to ${method} where there is none`, async () => {
      for (const route of allRoutes.filter(({ path }) => !known.has(`${method} ${path}`))) {
        const reply = await send(route, { method })
        assertProblem(reply, reply.status === 405 ? 405 : 404)
      }
    })
  }

  it('is refused when it is nonsense', async () => {
    for (const url of [
      '/api/v1/%',
      '/api/v1/%zz',
      '/api//v1/auth/me',
      '/api/v1/../auth/me',
      '/api/v2/auth/me',
      '/api/v1/nothing',
    ]) {
      assertRefused(await request(test, { method: 'GET', path: url }))
    }
  })
})

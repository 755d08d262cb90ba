import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { openTestApp, type TestApp, testApp } from '#testing/app.ts'
import { newPerson, type Person, type Reply, request, testPassword } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

const host = 'lyceum.example'
let test: TestApp
let ada: Person
before(async () => {
  test = await testApp()
  ada = await newPerson(test)
})

const signIn = (headers: Record<string, string> = {}, on: TestApp = test): Promise<Reply> => {
  const body = { email: ada.email, password: testPassword, session: 'cookie' }
  return request(on, { method: 'POST', path: '/auth/login', body, headers: { host, ...headers } })
}
const setCookies = ({ headers }: Reply): string[] => [headers['set-cookie'] ?? []].flat().map(String)
/** What a browser would send back. */
const jarOf = (reply: Reply): string =>
  setCookies(reply)
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
const search = (cookie: string, headers: Record<string, string>) =>
  request(test, { method: 'POST', path: '/search', body: { query: 'tides' }, headers: { cookie, host, ...headers } })

describe('a session by cookie', () => {
  it('keeps its tokens where no script reads them', async () => {
    const reply = await signIn()
    assert.deepEqual(Object.keys(reply.body).sort(), ['expiresInSeconds', 'user'])
    const cookies = setCookies(reply)
    assert.deepEqual(
      cookies.map((cookie) => cookie.replace(/=[^;]+/, '=…')),
      [
        'lyceum_access=…; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax',
        'lyceum_refresh=…; Max-Age=2592000; Path=/api; HttpOnly; SameSite=Lax',
      ],
    )
    const me = await request(test, { method: 'GET', path: '/auth/me', headers: { cookie: jarOf(reply) } })
    assert.equal(me.body.user.id, ada.id)
  })

  it('is marked Secure behind TLS, and the browser told to stay there', async () => {
    const behindProxy = await openTestApp({ env: { TRUST_PROXY: 'on' } })
    try {
      const reply = await signIn({ 'x-forwarded-proto': 'https' }, behindProxy)
      for (const cookie of setCookies(reply)) assert.match(cookie, /; Secure$/)
      assert.match(String(reply.headers['strict-transport-security']), /^max-age=\d{7,}/)
    } finally {
      await behindProxy.close()
    }
  })

  it('is not set for who did not ask', async () => {
    const body = { email: ada.email, password: testPassword }
    const reply = await request(test, { method: 'POST', path: '/auth/login', body })
    assert.deepEqual(setCookies(reply), [])
    assert.ok(reply.body.accessToken && reply.body.refreshToken)
  })

  for (const body of [{ session: 'cookie' }, { session: 'token' }, {}]) {
    it(`is refreshed by cookie alone, and hands no token to a script that asks with ${JSON.stringify(body)}`, async () => {
      const headers = { cookie: jarOf(await signIn()), host }
      const reply = await request(test, { method: 'POST', path: '/auth/refresh', body, headers })
      assert.deepEqual(Object.keys(reply.body).sort(), ['expiresInSeconds', 'user'])
      const me = await request(test, { method: 'GET', path: '/auth/me', headers: { cookie: jarOf(reply) } })
      assert.equal(me.status, 200)
    })
  }

  it('ends with logout, which takes the cookies away', async () => {
    const cookie = jarOf(await signIn())
    const reply = await request(test, { method: 'POST', path: '/auth/logout', headers: { cookie, host } })
    assert.equal(reply.status, 204)
    for (const gone of setCookies(reply)) assert.match(gone, /^lyceum_\w+=; Max-Age=0;/)
    assertProblem(await request(test, { method: 'GET', path: '/auth/me', headers: { cookie } }), 401)
  })

  it('gives way to a bearer token, good or bad', async () => {
    const cookie = jarOf(await signIn())
    assertProblem(await search(cookie, { authorization: 'Bearer bad' }), 401, 'token_expired')
  })
})

const own: Record<string, string>[] = [
  {},
  { origin: `http://${host}` },
  { origin: `https://${host}`, 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
]
const foreign: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: `https://${host}.evil.example` },
  { origin: `https://evil.example/${host}` },
  { origin: `https://${host}:8443` },
  { origin: 'null' },
  { origin: '' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
]

describe('a write by cookie', () => {
  let cookie: string
  before(async () => {
    cookie = jarOf(await signIn())
  })
  for (const headers of own) {
    it(`is taken with ${JSON.stringify(headers)}`, async () => {
      assert.equal((await search(cookie, headers)).status, 200)
      assert.equal((await signIn(headers)).status, 200)
    })
  }
  for (const headers of foreign) {
    it(`is refused with ${JSON.stringify(headers)}: a write, a refresh, a sign-in`, async () => {
      assertProblem(await search(cookie, headers), 403, 'origin_refused')
      assertProblem(await signIn(headers), 403, 'origin_refused')
      const refresh = {
        method: 'POST',
        path: '/auth/refresh',
        body: {},
        headers: { cookie, host, ...headers },
      } as const
      assertProblem(await request(test, refresh), 403, 'origin_refused')
    })
  }

  it('from elsewhere is taken with a bearer token, which no browser adds by itself', async () => {
    const headers = { origin: 'https://evil.example' }
    assert.equal((await ada.call('POST', '/search', { query: 'tides' }, headers)).status, 200)
  })

  it('is not a form: bodies that a page may send anywhere are refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const headers = { 'content-type': type, cookie, host }
      const reply = await request(test, { method: 'POST', path: '/search', payload: '{"query":"tides"}', headers })
      assert.ok(reply.status === 415 || reply.status === 422, `${type}: ${reply.status}`)
    }
  })
})

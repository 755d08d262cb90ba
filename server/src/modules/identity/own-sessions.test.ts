import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { uuidv7 } from 'uuidv7'
import { systemClock } from '#platform/clock.ts'
import { openTestApp, type TestApp } from '#testing/app.ts'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { newPerson, type Person, type Reply, request, testPassword } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

/** Stands still until a test moves it: an app whose clock runs ahead has a database of its own, as it would take up others' work. */
const time = { ms: Date.now() }
const clock = { ...systemClock, now: () => new Date(time.ms) }
let test: FreshApp
before(async () => {
  test = await openFreshApp({}, { clock })
})

interface SessionItem {
  id: string
  device: string
  address: string
  kind: string
  lastUsedAt: string
  current: boolean
}
const signIn = async ({ email }: Person, device = 'A browser'): Promise<string> => {
  const headers = { 'user-agent': device }
  const body = { email, password: testPassword }
  return (await request(test, { method: 'POST', path: '/auth/login', body, headers })).body.accessToken
}
const as = (token: string, method: 'GET' | 'DELETE', path: string, on: Pick<TestApp, 'app'> = test): Promise<Reply> =>
  request({ ...test, ...on }, { method, path, headers: { authorization: `Bearer ${token}` } })
const list = async (token: string): Promise<SessionItem[]> => (await as(token, 'GET', '/users/me/sessions')).body.items
const currentOf = async (token: string): Promise<string> => (await list(token)).find(({ current }) => current)?.id ?? ''

describe('the list of sessions', () => {
  it('has the device, the address and the last use of each, and names the one that asks', async () => {
    const ada = await newPerson(test)
    const token = await signIn(ada, 'Ada’s phone')
    const items = await list(token)
    assert.equal(items.length, 2)
    const [current] = items.filter((item) => item.current)
    assert.deepEqual(
      [current?.device, current?.address, current?.kind, current?.lastUsedAt],
      ['Ada’s phone', '127.0.0.1', 'token', new Date(time.ms).toISOString()],
    )
    assert.doesNotMatch(JSON.stringify(items), new RegExp(ada.email))
  })

  it('has no session that has ended or run out, and nobody else’s', async () => {
    const [ada, eve] = [await newPerson(test), await newPerson(test)]
    const [token, ended, old] = [await signIn(ada), await signIn(ada), await signIn(ada)]
    const id = await currentOf(old)
    await request(test, { method: 'POST', path: '/auth/logout', headers: { authorization: `Bearer ${ended}` } })
    await test.admin.exec(`update sessions set expires_at = '2020-01-01' where id = '${id}'`)
    assert.equal((await list(token)).length, 2)
    assert.equal((await list(eve.token)).length, 1)
  })

  it('notes the last use once a minute', async () => {
    const ada = await newPerson(test)
    const used = async (): Promise<number> => Date.parse((await list(ada.token))[0]?.lastUsedAt ?? '')
    const begun = time.ms
    time.ms += 59_000
    await used()
    assert.equal(await used(), begun)
    // A minute after it was last looked up.
    time.ms += 61_000
    await used()
    assert.equal(await used(), begun + 120_000)
    time.ms += 30_000
    assert.equal(await used(), begun + 120_000)
  })
})

describe('ending a session', () => {
  it('signs that device out and no other', async () => {
    const ada = await newPerson(test)
    const phone = await signIn(ada)
    const id = await currentOf(phone)
    assert.equal((await ada.call('DELETE', `/users/me/sessions/${id}`)).status, 204)
    assertProblem(await as(phone, 'GET', '/auth/me'), 401, 'token_expired')
    assert.equal((await ada.call('GET', '/auth/me')).status, 200)
    assertProblem(await ada.call('DELETE', `/users/me/sessions/${id}`), 404, 'session_not_found')
  })

  it('of somebody else is refused as one that is not there', async () => {
    const [ada, eve] = [await newPerson(test), await newPerson(test)]
    const theirs = await ada.call('DELETE', `/users/me/sessions/${await currentOf(eve.token)}`)
    const none = await ada.call('DELETE', `/users/me/sessions/${uuidv7()}`)
    assertProblem(theirs, 404, 'session_not_found')
    assert.deepEqual({ ...theirs.body, requestId: '' }, { ...none.body, requestId: '' })
    assert.equal((await eve.call('GET', '/auth/me')).status, 200)
  })

  it('everywhere else leaves the one that asks', async () => {
    const ada = await newPerson(test)
    const others = [await signIn(ada), await signIn(ada)]
    assert.equal((await ada.call('DELETE', '/users/me/sessions')).status, 204)
    for (const token of others) assertProblem(await as(token, 'GET', '/auth/me'), 401, 'token_expired')
    assert.equal((await list(ada.token)).length, 1)
  })

  it('is seen by a second app on the same database', async () => {
    // Not alone: what another app has ended is not known from memory.
    const [here, second] = [await openTestApp({ alone: false }), await openTestApp({ alone: false })]
    try {
      const ada = await newPerson(here)
      const { body } = await request(here, {
        method: 'POST',
        path: '/auth/login',
        body: { email: ada.email, password: testPassword },
      })
      const token = body.accessToken
      assert.equal((await as(token, 'GET', '/auth/me', second)).status, 200)
      const heard = hearsEnd(second)
      assert.equal((await ada.call('DELETE', '/users/me/sessions')).status, 204)
      await heard
      assertProblem(await as(token, 'GET', '/auth/me', second), 401, 'token_expired')
      assert.equal((await as(ada.token, 'GET', '/auth/me', second)).status, 200)
    } finally {
      await here.close()
      await second.close()
    }
  })
})

/** Where the two have wires between them, the news has to arrive; where they have none, nothing is kept in memory. */
const hearsEnd = ({ platform: { bus } }: TestApp): Promise<unknown> =>
  bus.reachesAll() ? new Promise((resolve) => bus.subscribe('session.ended', resolve)) : Promise.resolve()

describe('a token near its end', () => {
  after(() => test.close())
  const lifeMs = 86_400_000

  it('gets its next along with an answer, once a minute, for the same session, and stays good', async () => {
    const ada = await newPerson(test)
    const me = (): Promise<Reply> => ada.call('GET', '/auth/me')
    time.ms += lifeMs * 0.79
    assert.equal((await me()).headers['x-new-token'], undefined)
    time.ms += lifeMs * 0.02
    const next = String((await me()).headers['x-new-token'])
    assert.equal((await me()).headers['x-new-token'], undefined)
    assert.equal(await currentOf(next), await currentOf(ada.token))
    assert.equal((await me()).status, 200)
    time.ms += 60_000
    assert.ok((await me()).headers['x-new-token'])
    time.ms += lifeMs * 0.19 + 60_000
    assertProblem(await me(), 401, 'token_expired')
    assert.equal((await as(next, 'GET', '/auth/me')).status, 200)
    assert.equal((await as(next, 'GET', '/auth/me')).headers['x-new-token'], undefined)
  })

  it('in a cookie is renewed as a cookie', async () => {
    const ada = await newPerson(test)
    const body = { email: ada.email, password: testPassword, session: 'cookie' }
    const { headers } = await request(test, { method: 'POST', path: '/auth/login', body })
    const [cookie = ''] = String([headers['set-cookie']].flat()[0]).split(';')
    time.ms += lifeMs * 0.81
    const reply = await request(test, { method: 'GET', path: '/auth/me', headers: { cookie } })
    assert.equal(reply.headers['x-new-token'], undefined)
    const [renewed = ''] = String([reply.headers['set-cookie']].flat()[0]).split(';')
    assert.match(renewed, /^lyceum_access=./)
    assert.notEqual(renewed, cookie)
    const again = await request(test, { method: 'GET', path: '/auth/me', headers: { cookie: renewed } })
    assert.equal(again.body.user.id, ada.id)
  })
})

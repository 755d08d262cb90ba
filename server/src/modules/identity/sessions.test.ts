import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { createApp } from '#src/app.ts'
import { openTestApp, type TestApp, testApp } from '#testing/app.ts'
import { newPerson, type Person, request, testPassword } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

let test: TestApp
let ada: Person
before(async () => {
  test = await testApp()
  ada = await newPerson(test)
})

interface Pair {
  accessToken: string
  refreshToken: string
}
/** A further session of a person. */
const signIn = async ({ email }: Person): Promise<Pair> =>
  (await request(test, { method: 'POST', path: '/auth/login', body: { email, password: testPassword } })).body
const refresh = (refreshToken: string) =>
  request(test, { method: 'POST', path: '/auth/refresh', body: { refreshToken } })
const asHolder = (accessToken: string, path = '/auth/me', on: Pick<TestApp, 'app'> = test) =>
  request({ ...test, ...on }, { method: 'GET', path, headers: { authorization: `Bearer ${accessToken}` } })
const logout = (accessToken: string) =>
  request(test, { method: 'POST', path: '/auth/logout', headers: { authorization: `Bearer ${accessToken}` } })
const statusOf = async ({ accessToken }: Pair): Promise<number> => (await asHolder(accessToken)).status

describe('a session', () => {
  it('says who is signed in and for how long', async () => {
    const { accessToken } = await signIn(ada)
    const { user } = (await asHolder(accessToken)).body
    assert.deepEqual([user.id, user.email, user.role, user.tier], [ada.id, ada.email, 'student', 'pro'])
    const { expiresInSeconds } = (await asHolder(accessToken, '/auth/token-status')).body
    assert.ok(expiresInSeconds > 86_000 && expiresInSeconds <= 86_400)
  })

  it('ends with logout: its tokens at once, no other session', async () => {
    const [ended, other] = [await signIn(ada), await signIn(ada)]
    assert.equal(await statusOf(ended), 200)
    assert.equal((await logout(ended.accessToken)).status, 204)
    assertProblem(await asHolder(ended.accessToken), 401, 'token_expired')
    assertProblem(await logout(ended.accessToken), 401, 'token_expired')
    assertProblem(await refresh(ended.refreshToken), 401, 'token_expired')
    assert.equal(await statusOf(other), 200)
    assert.equal((await refresh(other.refreshToken)).status, 200)
  })

  it('ends when the person is deactivated', async () => {
    const eve = await newPerson(test)
    await test.admin.exec(`update users set active = false where id = '${eve.id}'`)
    test.platform.bus.publish('session.ended', { id: '*', version: 0 })
    assertProblem(await eve.call('GET', '/auth/me'), 401, 'token_expired')
  })
})

describe('a refresh token', () => {
  it('is good once and gives a new pair', async () => {
    const first = await signIn(ada)
    const { status, body: second } = await refresh(first.refreshToken)
    assert.equal(status, 200)
    assert.notEqual(second.refreshToken, first.refreshToken)
    assert.equal(second.user.id, ada.id)
    assert.deepEqual([await statusOf(first), await statusOf(second)], [200, 200])
    assert.equal((await refresh(second.refreshToken)).status, 200)
  })

  it('that comes back after its answer ends the whole session, and no other', async () => {
    const [other, first] = [await signIn(ada), await signIn(ada)]
    const { body: second } = await refresh(first.refreshToken)
    const { body: third } = await refresh(second.refreshToken)
    assert.equal(await statusOf(third), 200)
    assertProblem(await refresh(first.refreshToken), 401, 'refresh_reused')
    for (const pair of [first, second, third]) assert.equal(await statusOf(pair), 401)
    assertProblem(await refresh(third.refreshToken), 401)
    assert.equal(await statusOf(other), 200)
  })

  it('sent by many at the same instant has one survivor, and the session lives', async () => {
    const first = await signIn(ada)
    const replies = await Promise.all(Array.from({ length: 8 }, () => refresh(first.refreshToken)))
    const [winner, ...more] = replies.filter(({ status }) => status === 200)
    assert.ok(winner)
    assert.equal(more.length, 0)
    for (const reply of replies) if (reply !== winner) assertProblem(reply, 401, 'refresh_superseded')
    assert.equal(await statusOf(winner.body), 200)
    assert.equal((await refresh(winner.body.refreshToken)).status, 200)
  })

  it('works beside an access token that has ended', async () => {
    const { refreshToken } = await signIn(ada)
    const headers = { authorization: 'Bearer stale' }
    const reply = await request(test, { method: 'POST', path: '/auth/refresh', body: { refreshToken }, headers })
    assert.equal(reply.status, 200)
  })

  const refused: [string, unknown, number][] = [
    ['unknown', { refreshToken: 'x'.repeat(43) }, 401],
    ['empty', { refreshToken: '' }, 401],
    ['absent', {}, 401],
    ['null', { refreshToken: null }, 422],
    ['a list', { refreshToken: [] }, 422],
    ['an object', { refreshToken: {} }, 422],
    ['endless', { refreshToken: 'x'.repeat(501) }, 422],
  ]
  for (const [what, body, status] of refused) {
    it(`is refused when it is ${what}`, async () => {
      assertProblem(await request(test, { method: 'POST', path: '/auth/refresh', body }), status)
    })
  }

  it('is no access token', async () => {
    const { refreshToken } = await signIn(ada)
    assertProblem(await asHolder(refreshToken), 401, 'token_expired')
  })
})

/** A second process on the same data. Where one process has the data to itself, a second app on the same bus. */
const openSecond = async (): Promise<Pick<TestApp, 'app' | 'platform'> & { close(): Promise<unknown> }> => {
  if (process.env.LYCEUM_TEST_SHAPE === 'server') return openTestApp()
  const app = await createApp(test.config, test.platform)
  return { app, platform: test.platform, close: async () => app.http.close() }
}

describe('the memory of verified tokens', () => {
  it('forgets a session that another process ended', async () => {
    const second = await openSecond()
    try {
      const { accessToken } = await signIn(ada)
      assert.equal((await asHolder(accessToken, '/auth/me', second)).status, 200)
      const heard = new Promise((resolve) => second.platform.bus.subscribe('session.ended', resolve))
      await logout(accessToken)
      await heard
      assertProblem(await asHolder(accessToken, '/auth/me', second), 401, 'token_expired')
    } finally {
      await second.close()
    }
  })

  it('forgets all when the bus says that ends may have gone unheard', async () => {
    const { accessToken } = await signIn(ada)
    assert.equal((await asHolder(accessToken)).status, 200)
    await test.admin.exec(`update sessions set revoked_at = now() where user_id = '${ada.id}'`)
    // The control: nobody was told, so it is still taken from memory.
    assert.equal((await asHolder(accessToken)).status, 200)
    test.platform.bus.publish('session.ended', { id: '*', version: 0 })
    assertProblem(await asHolder(accessToken), 401, 'token_expired')
  })
})

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { allRoutes } from '@lyceum/contract'
import { uuidv7 } from 'uuidv7'
import { systemClock } from '#platform/clock.ts'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { newPerson, type Person, type Reply, request } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

/** Stands still until a test moves it: an app whose clock runs ahead has a database of its own, as it would take up others' work. */
const time = { ms: Date.now() }
const clock = { ...systemClock, now: () => new Date(time.ms) }
let test: FreshApp
before(async () => {
  test = await openFreshApp({}, { clock })
})

const make = async (person: Person, scopes: string[], expiresInDays = 30): Promise<{ id: string; key: string }> => {
  const reply = await person.call('POST', '/users/me/keys', { name: 'Notebook', scopes, expiresInDays })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  return reply.body
}
const by = (key: string, method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Reply> =>
  request(test, { method, path, body, headers: { authorization: `Bearer ${key}` } })
const keysOf = async (person: Person) => (await person.call('GET', '/users/me/keys')).body.items

describe('a key for a program', () => {
  after(() => test.close())
  it('is shown once, kept as a hash, and speaks for its person', async () => {
    const ada = await newPerson(test)
    const { id, key } = await make(ada, ['documents:read'])
    assert.match(key, /^lyc_[\w-]{43}$/)
    const [item] = await keysOf(ada)
    assert.deepEqual([item.id, item.name, item.scopes], [id, 'Notebook', ['documents:read']])
    assert.ok(key.startsWith(item.start) && item.start.length < 12)
    assert.ok(!JSON.stringify(item).includes(key))
    const [stored] = await test.admin.exec(`select * from api_keys where id = '${id}'`)
    assert.ok(!JSON.stringify(stored).includes(key))
    const { body } = await ada.upload('tides.md', 'The tide comes twice a day.')
    assert.equal((await by(key, 'GET', `/documents/${body.document.id}`)).status, 200)
    const eve = await newPerson(test)
    const theirs = await eve.upload('tides.md', 'Elsewhere.')
    assertProblem(await by(key, 'GET', `/documents/${theirs.body.document.id}`), 404, 'document_not_found')
  })

  it('does what its scopes name and nothing else', async () => {
    const ada = await newPerson(test)
    const reader = await make(ada, ['documents:read'])
    const talker = await make(ada, ['chat'])
    assert.equal((await by(reader.key, 'GET', '/documents')).status, 200)
    assertProblem(await by(reader.key, 'GET', '/chat/conversations'), 403, 'scope_missing')
    assertProblem(await by(reader.key, 'DELETE', `/documents/${uuidv7()}`), 403, 'scope_missing')
    assert.equal((await by(talker.key, 'GET', '/chat/conversations')).status, 200)
    assertProblem(await by(talker.key, 'GET', '/documents'), 403, 'scope_missing')
  })

  it('never reaches the account itself, whatever its scopes', async () => {
    const boss = await newPerson(test, { role: 'admin' })
    const { key } = await make(boss, ['documents:read', 'documents:write', 'chat', 'admin'])
    const about = allRoutes.filter(({ scope, auth }) => scope === 'account' && auth !== 'anyone')
    assert.ok(about.length > 12)
    for (const { method, path } of about) {
      assertProblem(
        await by(
          key,
          method as 'GET',
          path.replace(/:\w+/g, () => uuidv7()),
          {},
        ),
        403,
        'scope_missing',
      )
    }
    const personal = allRoutes.filter(({ path }) => /^\/(auth|users\/me)\b/.test(path))
    assert.deepEqual(
      personal.filter(({ scope }) => scope !== 'account').map(({ id }) => id),
      [],
    )
    const code = { email: boss.email, purpose: 'confirm' }
    assertProblem(await by(key, 'POST', '/auth/verification-codes', code), 401, 'unauthenticated')
  })

  it('has the role of its person, and the scope admin for admins alone', async () => {
    const ada = await newPerson(test)
    const refused = { name: 'x', scopes: ['admin'], expiresInDays: 1 }
    assertProblem(await ada.call('POST', '/users/me/keys', refused), 403, 'forbidden')
  })

  it('is over when it was revoked, has run out, or its person may not come in', async () => {
    const ada = await newPerson(test)
    const [first, second, third] = [await make(ada, ['chat']), await make(ada, ['chat'], 1), await make(ada, ['chat'])]
    const isGood = async ({ key }: { key: string }) => (await by(key, 'GET', '/chat/conversations')).status === 200
    assert.deepEqual([await isGood(first), await isGood(second), await isGood(third)], [true, true, true])
    assert.equal((await ada.call('DELETE', `/users/me/keys/${first.id}`)).status, 204)
    assertProblem(await by(first.key, 'GET', '/chat/conversations'), 401, 'token_expired')
    assertProblem(await ada.call('DELETE', `/users/me/keys/${first.id}`), 404, 'key_not_found')
    time.ms += 86_400_000
    assert.deepEqual([await isGood(second), await isGood(third)], [false, true])
    await test.admin.exec(`update users set active = false where id = '${ada.id}'`)
    assert.equal(await isGood(third), false)
  })

  it('outlives a new password', async () => {
    const ada = await newPerson(test)
    const { key } = await make(ada, ['chat'])
    const given = { currentPassword: 'Secret-123', newPassword: 'Heron-on-the-7th-pier' }
    assert.equal((await ada.call('POST', '/auth/password/change', given)).status, 204)
    assert.equal((await by(key, 'GET', '/chat/conversations')).status, 200)
  })

  it('is taken as a bearer token and nowhere else', async () => {
    const ada = await newPerson(test)
    const { key } = await make(ada, ['chat'])
    const path = '/chat/conversations'
    for (const headers of [
      { 'x-api-key': key },
      { cookie: `lyceum_access=${key}` },
      { cookie: `lyceum_refresh=${key}` },
      { authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` },
    ] as Record<string, string>[]) {
      assertProblem(await request(test, { method: 'GET', path, headers }), 401)
    }
    assertProblem(await request(test, { method: 'GET', path: `${path}?key=${key}&access_token=${key}` }), 401)
    for (const wrong of [`${key}x`, key.slice(0, -1), 'lyc_', `lyc_${'x'.repeat(43)}`]) {
      assertProblem(await by(wrong, 'GET', path), 401, 'token_expired')
    }
    assertProblem(await request(test, { method: 'POST', path: '/auth/refresh', body: { refreshToken: key } }), 401)
  })

  it('notes its last use once a minute', async () => {
    const ada = await newPerson(test)
    const { key } = await make(ada, ['chat'])
    const used = async () => (await keysOf(ada))[0].lastUsedAt
    assert.equal(await used(), null)
    const first = new Date(time.ms).toISOString()
    for (let call = 0; call < 3; call += 1) {
      await by(key, 'GET', '/chat/conversations')
      assert.equal(await used(), first)
      time.ms += 20_000
    }
    await by(key, 'GET', '/chat/conversations')
    assert.equal(await used(), new Date(time.ms).toISOString())
  })

  const refused: [string, object][] = [
    ['no name', { name: ' ' }],
    ['no scope', { scopes: [] }],
    ['the scope account', { scopes: ['account'] }],
    ['an unknown scope', { scopes: ['everything'] }],
    ['a life of more than a year', { expiresInDays: 366 }],
    ['no end', { expiresInDays: undefined }],
    ['a life of no day', { expiresInDays: 0 }],
  ]
  for (const [what, change] of refused) {
    it(`is not made with ${what}`, async () => {
      const ada = await newPerson(test)
      const given = { name: 'x', scopes: ['chat'], expiresInDays: 1, ...change }
      assertProblem(await ada.call('POST', '/users/me/keys', given), 422, 'input_invalid')
    })
  }
})

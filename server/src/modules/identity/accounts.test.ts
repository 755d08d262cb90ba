import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { uuidv7 } from 'uuidv7'
import { openTestApp, type TestApp, testApp } from '#testing/app.ts'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { newPerson, request, testPassword } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

const someone = () => ({ email: `${uuidv7()}@example.org`, password: testPassword })
const register = (test: TestApp, body: unknown) => request(test, { method: 'POST', path: '/auth/register', body })
const login = (test: TestApp, body: unknown) => request(test, { method: 'POST', path: '/auth/login', body })

describe('the first account', () => {
  let fresh: FreshApp
  before(async () => {
    fresh = await openFreshApp()
  })
  after(() => fresh.close())
  const needsSetup = async () => (await request(fresh, { method: 'GET', path: '/auth/setup' })).body.needsSetup

  it('is made with the set-up code alone', async () => {
    assert.equal(await needsSetup(), true)
    assertProblem(await register(fresh, someone()), 403, 'setup_required')
    assertProblem(await register(fresh, { ...someone(), code: 'a-guess' }), 403, 'setup_code_invalid')
    assert.equal(await needsSetup(), true)
  })

  it('is one, however many race for it', async () => {
    const code = fresh.app.setupCode
    const replies = await Promise.all(Array.from({ length: 50 }, () => register(fresh, { ...someone(), code })))
    const made = replies.filter(({ status }) => status === 201)
    assert.equal(made.length, 1)
    assert.equal(made[0]?.body.user.role, 'admin')
    for (const reply of replies) {
      if (reply.status === 201) continue
      assert.ok(['setup_code_invalid', 'code_invalid'].includes(reply.body.code), JSON.stringify(reply.body))
    }
    const [people] = await fresh.admin.exec('select role from users')
    assert.deepEqual(people?.rows, [['admin']])
    assert.equal(await needsSetup(), false)
  })

  it('spends the code', async () => {
    assertProblem(await register(fresh, { ...someone(), code: fresh.app.setupCode }), 422, 'code_invalid')
  })

  it('opens registration to students', async () => {
    const ada = someone()
    const { status, body } = await register(fresh, { ...ada, email: ada.email.toUpperCase(), name: ' Ada ' })
    assert.equal(status, 201)
    assert.deepEqual(
      { ...body.user, id: '', createdAt: '' },
      { id: '', email: ada.email, name: 'Ada', role: 'student', tier: 'pro', createdAt: '' },
    )
    assert.equal((await login(fresh, ada)).status, 200)
  })
})

describe('registration', () => {
  let test: TestApp
  before(async () => {
    test = await testApp()
    await newPerson(test, { role: 'admin' })
  })

  it('takes an address once', async () => {
    const ada = someone()
    const replies = await Promise.all([register(test, ada), register(test, ada), register(test, ada)])
    assert.deepEqual(replies.map(({ status }) => status).sort(), [201, 409, 409])
    assertProblem(await register(test, { ...ada, email: ` ${ada.email.toUpperCase()} ` }), 409, 'email_taken')
  })

  it('lets nobody choose what is not theirs to choose', async () => {
    const id = uuidv7()
    const theirs = { id, tier: 'enterprise', role: 'teacher', institutionId: id, active: false, passwordHash: 'x' }
    const { status, body } = await register(test, { ...someone(), ...theirs })
    assert.equal(status, 201)
    assert.notEqual(body.user.id, id)
    assert.equal(body.user.role, 'student')
    assert.equal(body.user.tier, 'pro')
    assertProblem(await register(test, { ...someone(), role: 'admin' }), 422, 'input_invalid')
  })

  const refused: [string, object, string][] = [
    ['no address', { email: undefined }, 'email'],
    ['an address that is none', { email: 'ada' }, 'email'],
    ['an endless address', { email: `${'a'.repeat(260)}@example.org` }, 'email'],
    ['no password', { password: undefined }, 'password'],
    ['a short password', { password: 'Ab-1' }, 'password'],
    ['an endless password', { password: `Ab-1${'x'.repeat(125)}` }, 'password'],
    ['a password in one case', { password: 'secret-123' }, 'password'],
    ['a password of letters alone', { password: 'SecretSecret' }, 'password'],
    ['an endless name', { name: 'x'.repeat(201) }, 'name'],
    ['a name that is no text', { name: { first: 'Ada' } }, 'name'],
    ['an unknown kind of session', { session: 'forever' }, 'session'],
  ]
  for (const [what, change, path] of refused) {
    it(`refuses ${what} and names it`, async () => {
      const reply = await register(test, { ...someone(), ...change })
      assertProblem(reply, 422, 'input_invalid')
      assert.ok(reply.body.errors.every((error: { path: string }) => error.path === path))
    })
  }
})

describe('sign-in', () => {
  it('answers alike for an unknown address and a wrong password', async () => {
    const test = await testApp()
    const ada = await newPerson(test)
    const wrong = await login(test, { email: ada.email, password: 'Wrong-1234' })
    const unknown = await login(test, { email: 'nobody@example.org', password: 'Wrong-1234' })
    assertProblem(wrong, 401, 'invalid_credentials')
    assert.deepEqual({ ...wrong.body, requestId: '' }, { ...unknown.body, requestId: '' })
    assert.deepEqual(Object.keys(wrong.headers).sort(), Object.keys(unknown.headers).sort())
  })

  it('tells a deactivated person only after the right password', async () => {
    const test = await testApp()
    const ada = await newPerson(test)
    await test.admin.exec(`update users set active = false where id = '${ada.id}'`)
    const { email } = ada
    assertProblem(await login(test, { email, password: testPassword }), 403, 'account_deactivated')
    assertProblem(await login(test, { email, password: 'Wrong-1234' }), 401, 'invalid_credentials')
  })
})

describe('a start with ADMIN_EMAIL', () => {
  it('makes that admin once, and prints no set-up code', async () => {
    const email = `${uuidv7()}@example.org`
    const start = (password: string) =>
      openTestApp({ env: { ADMIN_EMAIL: email.toUpperCase(), ADMIN_PASSWORD: password } })
    const [first, again] = [await start(testPassword), await start('Changed-123')]
    try {
      assert.equal(again.app.setupCode, null)
      assert.equal((await login(again, { email, password: testPassword })).body.user.role, 'admin')
      assertProblem(await login(again, { email, password: 'Changed-123' }), 401, 'invalid_credentials')
    } finally {
      await first.close()
      await again.close()
    }
  })
})

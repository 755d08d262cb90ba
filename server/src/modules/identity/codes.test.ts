import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { uuidv7 } from 'uuidv7'
import { systemClock } from '#platform/clock.ts'
import { openTestApp, type TestApp } from '#testing/app.ts'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { codeTo, lettersTo, mailTo } from '#testing/outbox.ts'
import { newPerson, type Person, request, testPassword } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

const newPassword = 'Heron-on-the-7th-pier'
/** Stands still until a test moves it: an app whose clock runs ahead has a database of its own, as it would take up others' work. */
const time = { ms: Date.now() }
const clock = { ...systemClock, now: () => new Date(time.ms) }
let test: FreshApp
before(async () => {
  test = await openFreshApp({}, { clock })
  await newPerson(test, { role: 'admin' })
})

const caller =
  (on: TestApp) =>
  (path: string, body: unknown, headers: Record<string, string> = {}) =>
    request(on, { method: 'POST', path, body, headers })
const ask = (on: TestApp, email: string, purpose: string, headers: Record<string, string> = {}) =>
  caller(on)('/auth/verification-codes', { email, purpose }, headers)
const login = (on: TestApp, email: string, password: string) => caller(on)('/auth/login', { email, password })
const statusOf = async (person: Person): Promise<number> => (await person.call('GET', '/auth/me')).status
/** A code other than the right one. */
const notThe = (code: string, by = 1): string => String((Number(code) + by) % 1_000_000).padStart(6, '0')
const outbox = (on: TestApp): string => `${on.config.dataDir}/outbox`

describe('a code by mail', () => {
  it('is asked for with the same answer, whether or not the address is known', async () => {
    const ada = await newPerson(test)
    for (const purpose of ['register', 'reset_password']) {
      await test.admin.exec(`delete from mailed_codes where email = '${ada.email}'`)
      const stranger = `${uuidv7()}@example.org`
      for (const expected of [202, 429]) {
        const [known, unknown] = [await ask(test, ada.email, purpose), await ask(test, stranger, purpose)]
        assert.deepEqual([known.status, unknown.status], [expected, expected])
        assert.deepEqual(Object.keys(known.headers).sort(), Object.keys(unknown.headers).sort())
        assert.deepEqual({ ...known.body, requestId: '' }, { ...unknown.body, requestId: '' })
      }
    }
  })

  it('goes to nobody who should not have it', async () => {
    const own = await openTestApp()
    try {
      const ada = await newPerson(own)
      const stranger = `${uuidv7()}@example.org`
      await ask(own, stranger, 'reset_password')
      await ask(own, ada.email, 'register')
      const [letter] = await mailTo(own, ada.email)
      assert.doesNotMatch(letter?.text ?? '', /\b\d{6}\b/)
      assert.deepEqual(await lettersTo(outbox(own), stranger), [])
    } finally {
      await own.close()
    }
  })

  it('is sent once in 10 seconds for an address, whatever for, and the answer says how long to wait', async () => {
    const email = `${uuidv7()}@example.org`
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask(test, email, 'register')))
    assert.deepEqual(replies.map(({ status }) => status).sort(), [202, ...Array(9).fill(429)])
    const again = await ask(test, email, 'reset_password')
    assertProblem(again, 429, 'rate_limited')
    const wait = Number(again.headers['retry-after'])
    assert.ok(wait >= 1 && wait <= 10, String(wait))
    time.ms += 10_000
    assert.equal((await ask(test, email, 'reset_password')).status, 202)
  })

  it('speaks the language of the request, and fetches nothing from anywhere', async () => {
    for (const [language, direction, word] of [
      ['de', 'ltr', 'Code'],
      ['ar', 'rtl', 'الرمز'],
      ['id', 'ltr', 'Kode'],
      ['en', 'ltr', 'code'],
    ]) {
      const email = `${uuidv7()}@example.org`
      await ask(test, email, 'register', { 'accept-language': `xx,${language}-XX;q=0.9,fr;q=0.8` })
      const [letter] = await mailTo(test, email)
      assert.ok(letter?.text.includes(word ?? ''), letter?.text)
      assert.ok(letter?.html.includes(`<html lang="${language}" dir="${direction}">`))
      assert.doesNotMatch(letter?.html ?? '', /http|src=|url\(/)
      assert.equal(/\b\d{6}\b/.exec(letter?.html ?? '')?.[0], /\b\d{6}\b/.exec(letter?.text ?? '')?.[0])
    }
  })

  it('is asked for by the signed-in alone where it is about their account', async () => {
    for (const purpose of ['change_email', 'confirm']) {
      assertProblem(await ask(test, `${uuidv7()}@example.org`, purpose), 401, 'unauthenticated')
    }
    assertProblem(await ask(test, 'a@example.org', 'admin'), 422, 'input_invalid')
  })

  it('is not in the database as it is', async () => {
    const email = `${uuidv7()}@example.org`
    await ask(test, email, 'register')
    const code = await codeTo(test, email)
    const [found] = await test.admin.exec(`select * from mailed_codes where email = '${email}'`)
    assert.equal(found?.rows.length, 1)
    assert.ok(!JSON.stringify(found).includes(code))
  })
})

describe('registration with a code', () => {
  it('takes the right one once, and marks the address as proved', async () => {
    const email = `${uuidv7()}@example.org`
    await ask(test, email, 'register')
    const code = await codeTo(test, email)
    const send = (given: string) => caller(test)('/auth/register', { email, password: testPassword, code: given })
    assertProblem(await send(notThe(code)), 422, 'code_invalid')
    assert.equal((await send(code)).status, 201)
    assertProblem(await send(code), 422, 'code_invalid')
    const [found] = await test.admin.exec(`select email_verified_at from users where email = '${email}'`)
    assert.ok(found?.rows[0]?.[0])
  })

  it('needs one where the settings ask for it, and then never tells who has an account', async () => {
    const strict = await openTestApp({ env: { REQUIRE_EMAIL_VERIFICATION: 'on' } })
    try {
      await newPerson(strict, { role: 'admin' })
      const ada = await newPerson(strict)
      for (const email of [ada.email, `${uuidv7()}@example.org`]) {
        const send = caller(strict)
        assertProblem(await send('/auth/register', { email, password: testPassword }), 422, 'code_required')
        const guess = { email, password: testPassword, code: '000000' }
        assertProblem(await send('/auth/register', guess), 422, 'code_invalid')
      }
    } finally {
      await strict.close()
    }
  })
})

describe('a new password by code', () => {
  const reset = (email: string, code: string, password = newPassword) =>
    caller(test)('/auth/password/reset', { email, code, newPassword: password })
  const askFor = async ({ email }: Person): Promise<string> => {
    await ask(test, email, 'reset_password')
    return codeTo(test, email)
  }

  it('is set once, ends every session and leaves other people alone', async () => {
    const [ada, eve] = [await newPerson(test), await newPerson(test)]
    const code = await askFor(ada)
    // From here on its token is taken from memory.
    assert.equal(await statusOf(ada), 200)
    assert.equal((await reset(ada.email, code)).status, 204)
    assertProblem(await ada.call('GET', '/auth/me'), 401, 'token_expired')
    assert.equal(await statusOf(eve), 200)
    assertProblem(await login(test, ada.email, testPassword), 401, 'invalid_credentials')
    assert.equal((await login(test, ada.email, newPassword)).status, 200)
    assertProblem(await reset(ada.email, code, 'Another-123'), 422, 'code_invalid')
    assert.equal((await login(test, ada.email, newPassword)).status, 200)
    const letters = await mailTo(test, ada.email, 2)
    assert.match(letters.at(-1)?.headers ?? '', /Subject: Your password was changed/)
  })

  it('takes no code that is old, of another purpose or of somebody else', async () => {
    const [ada, eve] = [await newPerson(test), await newPerson(test)]
    const code = await askFor(ada)
    assertProblem(await reset(eve.email, code), 422, 'code_invalid')
    time.ms += 10 * 60_000
    assertProblem(await reset(ada.email, code), 422, 'code_invalid')
    const stranger = `${uuidv7()}@example.org`
    await ask(test, stranger, 'register')
    assertProblem(await reset(stranger, await codeTo(test, stranger)), 422, 'code_invalid')
    assert.deepEqual([await statusOf(ada), await statusOf(eve)], [200, 200])
  })

  it('refuses an unknown address with the words for a wrong code', async () => {
    const ada = await newPerson(test)
    const code = await askFor(ada)
    const [wrong, unknown] = [await reset(ada.email, notThe(code)), await reset(`${uuidv7()}@example.org`, code)]
    assertProblem(wrong, 422, 'code_invalid')
    assert.deepEqual({ ...wrong.body, requestId: '' }, { ...unknown.body, requestId: '' })
  })

  for (const [what, code] of [
    ['null', null],
    ['empty', ''],
    ['a list', []],
    ['an object', {}],
    ['absent', undefined],
  ]) {
    it(`takes no code that is ${what}`, async () => {
      const ada = await newPerson(test)
      await askFor(ada)
      const reply = await caller(test)('/auth/password/reset', { email: ada.email, code, newPassword })
      assertProblem(reply, 422)
      assert.equal((await login(test, ada.email, testPassword)).status, 200)
    })
  }

  it('looks at five guesses of fifty at the same instant, and then not at the right one', async () => {
    const ada = await newPerson(test)
    const code = await askFor(ada)
    const guesses = Array.from({ length: 50 }, (_, at) => notThe(code, at + 1))
    const replies = await Promise.all(guesses.map((guess) => reset(ada.email, guess)))
    for (const { status } of replies) assert.ok(status === 422 || status === 429, String(status))
    assert.ok(replies.filter(({ status }) => status === 422).length <= 5)
    const [found] = await test.admin.exec(`select tries_left from mailed_codes where email = '${ada.email}'`)
    assert.deepEqual(found?.rows, [[0]])
    time.ms += 60_000
    assertProblem(await reset(ada.email, code), 422, 'code_invalid')
    assert.equal((await login(test, ada.email, testPassword)).status, 200)
  })

  it('keeps guessers waiting who ask for one code after the other', async () => {
    const email = `${uuidv7()}@example.org`
    let told = 0
    for (let seconds = 0; seconds < 3600; seconds += 10) {
      time.ms += 10_000
      assert.equal((await ask(test, email, 'reset_password')).status, 202)
      const { status } = await reset(email, '123456')
      if (status === 422) told += 1
      else assert.equal(status, 429)
    }
    // Five free ones, and those after waits of 2, 4, ... 512 s and of 15 minutes.
    assert.ok(told > 5 && told <= 17, String(told))
  })
})

describe('changing the password', () => {
  it('takes the old one, keeps this session and ends the others', async () => {
    const ada = await newPerson(test)
    const { body: other } = await login(test, ada.email, testPassword)
    const change = (currentPassword: string) =>
      ada.call('POST', '/auth/password/change', { currentPassword, newPassword })
    const headers = { authorization: `Bearer ${other.accessToken}` }
    const me = () => request(test, { method: 'GET', path: '/auth/me', headers })
    assert.equal((await me()).status, 200)
    assertProblem(await change('Wrong-1234'), 403, 'password_wrong')
    assert.equal((await change(testPassword)).status, 204)
    assert.equal(await statusOf(ada), 200)
    assertProblem(await me(), 401, 'token_expired')
    assert.equal((await login(test, ada.email, newPassword)).status, 200)
  })

  it('takes a fresh code instead, sent to the own address alone', async () => {
    const [ada, eve] = [await newPerson(test), await newPerson(test)]
    const askAs = (person: Person, email: string) =>
      person.call('POST', '/auth/verification-codes', { email, purpose: 'confirm' })
    await askAs(eve, ada.email)
    time.ms += 10_000
    assert.equal((await askAs(ada, ada.email)).status, 202)
    const code = await codeTo(test, ada.email)
    const change = (person: Person, given: object) => person.call('POST', '/auth/password/change', given)
    assertProblem(await change(eve, { code, newPassword }), 422, 'code_invalid')
    assertProblem(await change(ada, { code, currentPassword: testPassword, newPassword }), 422, 'input_invalid')
    assertProblem(await change(ada, { newPassword }), 422, 'input_invalid')
    assert.equal((await change(ada, { code, newPassword })).status, 204)
    assert.equal((await mailTo(test, ada.email, 2)).length, 2)
  })
})

describe('changing the address', () => {
  after(() => test.close())
  it('takes the password and a code that was sent to the new one, and tells the old one', async () => {
    const ada = await newPerson(test)
    const newEmail = `${uuidv7()}@example.org`
    await ada.call('POST', '/auth/verification-codes', { email: newEmail, purpose: 'change_email' })
    const code = await codeTo(test, newEmail)
    const change = (given: object) =>
      ada.call('POST', '/auth/email/change', { newEmail, code, password: testPassword, ...given })
    assertProblem(await change({ password: 'Wrong-1234' }), 403, 'password_wrong')
    assertProblem(await change({ code: notThe(code) }), 422, 'code_invalid')
    assert.equal((await change({ newEmail: newEmail.toUpperCase() })).status, 204)
    assert.equal((await ada.call('GET', '/auth/me')).body.user.email, newEmail)
    assert.equal((await login(test, newEmail, testPassword)).status, 200)
    assertProblem(await login(test, ada.email, testPassword), 401, 'invalid_credentials')
    assert.match((await mailTo(test, ada.email))[0]?.headers ?? '', /Subject: Your address was changed/)
  })

  it('takes no address of somebody else, and tells only who reads its mail', async () => {
    const [ada, eve] = [await newPerson(test), await newPerson(test)]
    const asked = await ada.call('POST', '/auth/verification-codes', { email: eve.email, purpose: 'change_email' })
    assert.equal(asked.status, 202)
    assert.doesNotMatch((await mailTo(test, eve.email))[0]?.text ?? '', /\b\d{6}\b/)
    const given = { newEmail: eve.email, code: '000000', password: testPassword }
    assertProblem(await ada.call('POST', '/auth/email/change', given), 422, 'code_invalid')
  })
})

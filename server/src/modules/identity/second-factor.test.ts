import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '#platform/clock.ts'
import { openTestApp } from '#testing/app.ts'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { newPerson, type Person, type Reply, request, testPassword } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'
import { openSecretKey } from './secret-key.ts'
import { stepAt, totpOf } from './totp.ts'

/** Stands still until a test moves it: an app whose clock runs ahead has a database of its own, as it would take up others' work. */
const time = { ms: Date.now() }
const clock = { ...systemClock, now: () => new Date(time.ms) }
let test: FreshApp
before(async () => {
  test = await openFreshApp({}, { clock })
})

const fromBase32 = (text: string): Buffer => {
  const bits = [...text]
    .map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
const login = ({ email }: Person, totp?: string, password = testPassword): Promise<Reply> =>
  request(test, { method: 'POST', path: '/auth/login', body: { email, password, totp } })

/** A person with a second factor, and what their app shows. */
const withFactor = async (): Promise<{
  ada: Person
  codeNow: () => string
  recoveryCodes: string[]
  secret: string
}> => {
  const ada = await newPerson(test)
  const { secret } = (await ada.call('POST', '/users/me/totp')).body
  const codeNow = (): string => totpOf(fromBase32(secret), stepAt(clock.now()))
  const confirmed = await ada.call('POST', '/users/me/totp/confirm', { code: codeNow() })
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body))
  time.ms += 30_000
  return { ada, codeNow, recoveryCodes: confirmed.body.recoveryCodes, secret }
}

describe('a second factor', () => {
  it('is in force once it was confirmed', async () => {
    const ada = await newPerson(test)
    const { secret, uri } = (await ada.call('POST', '/users/me/totp')).body
    assert.equal(new URL(uri).searchParams.get('secret'), secret)
    assert.equal((await login(ada)).status, 200)
    assertProblem(await ada.call('POST', '/users/me/totp/confirm', { code: 'abcdef' }), 422, 'code_invalid')
    assert.equal((await login(ada)).status, 200)
    assert.deepEqual((await ada.call('GET', '/users/me/totp')).body, { enabled: false, recoveryCodesLeft: 0 })
    const code = totpOf(fromBase32(secret), stepAt(clock.now()))
    const { recoveryCodes } = (await ada.call('POST', '/users/me/totp/confirm', { code })).body
    assert.equal(new Set(recoveryCodes).size, 10)
    assert.deepEqual((await ada.call('GET', '/users/me/totp')).body, { enabled: true, recoveryCodesLeft: 10 })
    assertProblem(await login(ada), 401, 'second_factor_required')
    assertProblem(await ada.call('POST', '/users/me/totp'), 409, 'second_factor_enabled')
    assertProblem(await ada.call('POST', '/users/me/totp/confirm', { code }), 409, 'second_factor_enabled')
  })

  it('is asked for after the right password alone', async () => {
    const { ada, codeNow } = await withFactor()
    assertProblem(await login(ada, codeNow(), 'Wrong-1234'), 401, 'invalid_credentials')
    assertProblem(await login(ada, undefined, 'Wrong-1234'), 401, 'invalid_credentials')
    assert.equal((await login(ada, codeNow())).status, 200)
  })

  it('takes no code twice, not even at the same instant', async () => {
    const { ada, codeNow } = await withFactor()
    const code = codeNow()
    const replies = await Promise.all(Array.from({ length: 4 }, () => login(ada, code)))
    assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 401, 401, 401])
    assertProblem(await login(ada, code), 401, 'second_factor_invalid')
    time.ms += 30_000
    assert.equal((await login(ada, ` ${codeNow().slice(0, 3)} ${codeNow().slice(3)} `)).status, 200)
  })

  it('takes no code from before the last one, and not that of the confirmation', async () => {
    const { ada, codeNow } = await withFactor()
    const before = codeNow()
    time.ms += 30_000
    assert.equal((await login(ada, codeNow())).status, 200)
    assertProblem(await login(ada, before), 401, 'second_factor_invalid')
    const fresh = await newPerson(test)
    const { secret } = (await fresh.call('POST', '/users/me/totp')).body
    const code = totpOf(fromBase32(secret), stepAt(clock.now()))
    await fresh.call('POST', '/users/me/totp/confirm', { code })
    assertProblem(await login(fresh, code), 401, 'second_factor_invalid')
  })

  it('takes each recovery code once, and only of its owner', async () => {
    const [{ ada, recoveryCodes }, { ada: eve }] = [await withFactor(), await withFactor()]
    const [first = '', second = ''] = recoveryCodes
    assertProblem(await login(eve, first), 401, 'second_factor_invalid')
    const replies = await Promise.all([login(ada, first), login(ada, first)])
    assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 401])
    assert.equal((await login(ada, second.toLowerCase().replaceAll('-', ' '))).status, 200)
    assert.equal((await ada.call('GET', '/users/me/totp')).body.recoveryCodesLeft, 8)
  })

  it('blocks after five wrong codes, and the right password does not begin the count again', async () => {
    const { ada, codeNow } = await withFactor()
    const wrong = String((Number(codeNow()) + 1) % 1_000_000).padStart(6, '0')
    for (let at = 0; at < 5; at += 1) {
      assertProblem(await login(ada), 401, 'second_factor_required')
      assertProblem(await login(ada, wrong), 401, 'second_factor_invalid')
    }
    assertProblem(await login(ada, codeNow()), 429, 'rate_limited')
    time.ms += 30_000
    assert.equal((await login(ada, codeNow())).status, 200)
  })

  it('is taken off with password and code, and its recovery codes with it', async () => {
    const { ada, codeNow, recoveryCodes } = await withFactor()
    const remove = (body: object) => ada.call('DELETE', '/users/me/totp', body)
    assertProblem(await remove({ password: 'Wrong-1234', code: codeNow() }), 403, 'password_wrong')
    assertProblem(await remove({ password: testPassword, code: 'x' }), 401, 'second_factor_invalid')
    assert.equal((await remove({ password: testPassword, code: recoveryCodes[0] })).status, 204)
    assert.deepEqual((await ada.call('GET', '/users/me/totp')).body, { enabled: false, recoveryCodesLeft: 0 })
    assert.equal((await login(ada)).status, 200)
  })

  it('is sealed in the database with a key in the data folder', async () => {
    const { ada, secret } = await withFactor()
    const [row] = await test.admin.exec(`select encode(totp_secret, 'hex') from users where id = '${ada.id}'`)
    const stored = Buffer.from(String(row?.rows[0]?.[0]), 'hex')
    assert.ok(!stored.includes(fromBase32(secret)))
    const file = join(test.config.dataDir, 'secrets.key')
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const key = await openSecretKey(test.config.dataDir, null)
    assert.deepEqual(key.unseal(stored, ada.id), fromBase32(secret))
    assert.throws(() => key.unseal(stored, test.config.dataDir))
  })
})

describe('the key of the server', () => {
  after(() => test.close())
  it('is one, however many processes start at once', async () => {
    const own = await openTestApp()
    try {
      const dir = own.config.dataDir
      const before = await readFile(join(dir, 'secrets.key'), 'utf8')
      const keys = await Promise.all(Array.from({ length: 8 }, () => openSecretKey(dir, null)))
      assert.equal(new Set(keys.map((key) => key.digest('a'))).size, 1)
      assert.equal(await readFile(join(dir, 'secrets.key'), 'utf8'), before)
      const set = await openSecretKey(dir, before.trim())
      assert.equal(set.digest('a'), keys[0]?.digest('a'))
      await writeFile(join(dir, 'secrets.key'), 'short')
      await assert.rejects(openSecretKey(dir, null), /secrets\.key holds no key of 32 bytes/)
    } finally {
      await own.close()
    }
  })
})

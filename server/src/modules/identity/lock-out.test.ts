import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { uuidv7 } from 'uuidv7'
import { systemClock } from '#platform/clock.ts'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { newPerson, type Person, type Reply, request, testPassword } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

/** Stands still until a test moves it: an app whose clock runs ahead has a database of its own, as it would take up others' work. */
const time = { ms: Date.now() }
const pass = (seconds: number): void => {
  time.ms += seconds * 1000
}
let test: FreshApp
let ada: Person
before(async () => {
  const clock = { ...systemClock, now: () => new Date(time.ms) }
  const env = { TRUST_PROXY: 'on', RATE_LIMITS: 'on', LIMIT_CREDENTIALS_PER_10_MINUTES: '100000' }
  test = await openFreshApp(env, { clock })
  ada = await newPerson(test)
})

let callers = 0
/** A network of a test's own. */
const newNetwork = (): string => {
  callers += 1
  return `2001:db8:1:${callers.toString(16)}::`
}
const login = (email: string, password: string, address = `${newNetwork()}1`): Promise<Reply> =>
  request(test, {
    method: 'POST',
    path: '/auth/login',
    body: { email, password },
    headers: { 'x-forwarded-for': address },
  })
const fail = async (email: string, times: number): Promise<void> => {
  for (let at = 0; at < times; at += 1) assertProblem(await login(email, 'Wrong-1234'), 401, 'invalid_credentials')
}
const waitOf = ({ headers }: Reply): number => Number(headers['retry-after'])

describe('failed sign-ins', () => {
  after(() => test.close())
  it('block an account from the fifth on, for twice as long each time, whether or not it exists', async () => {
    for (const email of [ada.email, `${uuidv7()}@example.org`]) {
      await fail(email, 5)
      for (const wait of [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
        const refused = await login(email, 'Wrong-1234')
        assertProblem(refused, 429, 'rate_limited')
        assert.equal(waitOf(refused), wait)
        assertProblem(await login(email, testPassword), 429, 'rate_limited')
        pass(wait)
        await fail(email, 1)
      }
      pass(900)
    }
    assert.equal((await login(ada.email, testPassword)).status, 200)
  })

  it('are forgotten after a success', async () => {
    const eve = await newPerson(test)
    for (let round = 0; round < 3; round += 1) {
      await fail(eve.email, 4)
      assert.equal((await login(eve.email, testPassword)).status, 200)
    }
  })

  it('are answered alike for a blocked account that exists and one that does not', async () => {
    const eve = await newPerson(test)
    const stranger = `${uuidv7()}@example.org`
    await fail(eve.email, 5)
    await fail(stranger, 5)
    const [known, unknown] = [await login(eve.email, testPassword), await login(stranger, testPassword)]
    assert.deepEqual({ ...known.body, requestId: '' }, { ...unknown.body, requestId: '' })
    assert.equal(waitOf(known), waitOf(unknown))
  })

  it('of fifty guesses at the same instant tell about five, also when the right one is among them', async () => {
    const eve = await newPerson(test)
    const guesses = Array.from({ length: 50 }, (_, at) => (at === 40 ? testPassword : `Wrong-${at}`))
    const replies = await Promise.all(guesses.map((guess) => login(eve.email, guess)))
    const told = replies.filter(({ status }) => status !== 429)
    assert.ok(told.length <= 6, String(told.length))
    assert.ok(replies.filter(({ status }) => status === 401).length <= 5)
  })

  it('of one account leave the others alone', async () => {
    const [eve, bob] = [await newPerson(test), await newPerson(test)]
    const address = `${newNetwork()}1`
    for (let at = 0; at < 5; at += 1) await login(eve.email, 'Wrong-1234', address)
    assertProblem(await login(eve.email, testPassword, address), 429)
    assert.equal((await login(bob.email, testPassword, address)).status, 200)
  })

  it('on many accounts from one network block it for a minute at most, and no other network', async () => {
    const network = newNetwork()
    for (let at = 0; at < 100; at += 1) {
      assertProblem(await login(`${uuidv7()}@example.org`, 'Wrong-1234', `${network}${at + 1}`), 401)
    }
    const refused = await login(ada.email, testPassword, `${network}ffff`)
    assertProblem(refused, 429, 'rate_limited')
    assert.ok(waitOf(refused) <= 60)
    assert.equal((await login(ada.email, testPassword)).status, 200)
    pass(60)
    assert.equal((await login(ada.email, testPassword, `${network}ffff`)).status, 200)
  })

  it('are taken away when they no longer count, and codes that are over too', async () => {
    const clock = { ...systemClock, now: () => new Date(time.ms) }
    const own = await openFreshApp({}, { clock })
    try {
      const send = (path: string, body: object) => request(own, { method: 'POST', path, body })
      const email = 'nobody@example.org'
      await send('/auth/login', { email, password: 'Wrong-1234' })
      await send('/auth/verification-codes', { email, purpose: 'reset_password' })
      const counts = async (): Promise<unknown> =>
        (
          await own.admin.exec(
            `select (select count(*)::int from sign_in_failures), (select count(*)::int from mailed_codes)`,
          )
        )[0]?.rows[0]
      await own.platform.cron.tick()
      assert.deepEqual(await counts(), [1, 1])
      pass(3_600)
      await own.platform.cron.tick()
      assert.deepEqual(await counts(), [1, 0])
      pass(86_401)
      await own.platform.cron.tick()
      assert.deepEqual(await counts(), [0, 0])
    } finally {
      await own.close()
    }
  })
})

/** What a caller meets: how much there is left, and what happens past it. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '#platform/clock.ts'
import { openTestApp, testApp } from '#testing/app.ts'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { newPerson, type Person, type Reply, request, testPassword } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
let now = Date.parse('2026-11-20T09:00:00Z')
/** Moved by hand; its timers go by the real time, as sweeps and leases need not follow. */
const clock = {
  ...systemClock,
  now: () => new Date(now),
  advance: (ms: number) => {
    now += ms
  },
}
const settings = {
  RATE_LIMITS: 'on',
  LIMIT_REQUESTS_PER_HOUR: '4,8,1000',
  LIMIT_AI_CALLS_PER_HOUR: '2,3,100',
  LIMIT_CHAT_PER_MINUTE: '5',
  LIMIT_CREDENTIALS_PER_10_MINUTES: '30',
  LIMIT_ADDRESS_PER_HOUR: '6',
}
let test: FreshApp
before(async () => {
  test = await openFreshApp(settings, { clock })
})
after(() => test.close())

/** Someone of a tier, at the beginning of windows that nobody has called in. */
const newcomer = async (tier = 'pro'): Promise<Person> => {
  clock.advance(3 * hourMs - (now % hourMs))
  const person = await newPerson(test)
  await test.admin.exec(`update users set tier = '${tier}' where id = '${person.id}'`)
  return person
}
const me = (person: Person): Promise<Reply> => person.call('GET', '/auth/me')
const ask = (person: Person): Promise<Reply> => person.call('POST', '/chat', { message: 'When was the harbour built?' })
const standing = ({ headers }: Reply) => ({
  limit: Number(headers['ratelimit-limit']),
  remaining: Number(headers['ratelimit-remaining']),
  reset: Number(headers['ratelimit-reset']),
})
const calls = async (count: number, call: () => Promise<Reply>): Promise<number[]> => {
  const statuses: number[] = []
  for (let at = 0; at < count; at += 1) statuses.push((await call()).status)
  return statuses
}
/** The refusal names its limit and when to come back; then the same call is let in, and not a second before. */
const assertLimited = async (reply: Reply, limit: string, again: () => Promise<Reply>): Promise<void> => {
  assertProblem(reply, 429, 'rate_limited')
  const seconds = Number(reply.headers['retry-after'])
  assert.ok(Number.isInteger(seconds) && seconds >= 1, String(seconds))
  assert.equal(reply.body.limit, limit)
  assert.match(reply.body.detail, new RegExp(`^.*\\d.*Try again in ${seconds} s\\.$`))
  assert.deepEqual([standing(reply).remaining, standing(reply).reset], [0, seconds])
  clock.advance((seconds - 1) * 1000 - 1)
  assert.equal((await again()).status, 429)
  clock.advance(1001)
  assert.notEqual((await again()).status, 429)
}

describe('requests of a person', () => {
  for (const [tier, limit] of [
    ['free', 4],
    ['pro', 8],
  ] as const) {
    it(`are as many within an hour as the tier has: ${tier}`, async () => {
      const ada = await newcomer(tier)
      for (let left = limit - 1; left >= 0; left -= 1) {
        const reply = await me(ada)
        assert.deepEqual([reply.status, standing(reply).limit, standing(reply).remaining], [200, limit, left])
        assert.ok(standing(reply).reset > 0 && standing(reply).reset <= 3600)
      }
      await assertLimited(await me(ada), 'requests', () => me(ada))
    })
  }

  it('at once are let in to the limit and not one more', async () => {
    const ada = await newcomer()
    const replies = await Promise.all(Array.from({ length: 50 }, () => me(ada)))
    assert.equal(replies.filter(({ status }) => status === 200).length, 8)
    assert.equal(replies.filter(({ status }) => status === 429).length, 42)
  })

  it('are counted for each person apart, and refused ones not at all', async () => {
    const [ada, ben] = [await newcomer(), await newPerson(test)]
    assert.deepEqual(await calls(10, () => me(ada)), [200, 200, 200, 200, 200, 200, 200, 200, 429, 429])
    assert.equal((await me(ben)).status, 200)
    // Half an hour into the next window half of what was let in counts, and nothing of what was not.
    clock.advance(1.5 * hourMs)
    assert.deepEqual(await calls(5, () => me(ada)), [200, 200, 200, 200, 429])
  })

  it('count when they are refused for what they ask', async () => {
    const ada = await newcomer('free')
    const missing = '00000000-0000-7000-8000-00000000dead'
    assert.deepEqual(await calls(5, () => ada.call('GET', `/documents/${missing}`)), [404, 404, 404, 404, 429])
  })

  it('follow a new tier', async () => {
    const ada = await newcomer('free')
    assert.deepEqual(await calls(5, () => me(ada)), [200, 200, 200, 200, 429])
    await test.admin.exec(`update users set tier = 'enterprise' where id = '${ada.id}'`)
    clock.advance(minuteMs)
    assert.equal((await me(ada)).status, 200)
  })
})

describe('questions to the tutor', () => {
  it('are as many within an hour as the tier has, and past it nothing is written', async () => {
    const ada = await newcomer('enterprise')
    await test.admin.exec(`update users set tier = 'pro' where id = '${ada.id}'`)
    assert.deepEqual(await calls(3, () => ask(ada)), [200, 200, 200])
    const written = await test.admin.exec(`select count(*) from messages where person_id = '${ada.id}'`)
    const reply = await ask(ada)
    assert.deepEqual(await test.admin.exec(`select count(*) from messages where person_id = '${ada.id}'`), written)
    await assertLimited(reply, 'ai_calls', () => ask(ada))
  })

  it('are so many a minute', async () => {
    const ada = await newcomer('enterprise')
    assert.deepEqual(await calls(5, () => ask(ada)), [200, 200, 200, 200, 200])
    await assertLimited(await ask(ada), 'chat', () => ask(ada))
  })

  it('answer with what is tightest', async () => {
    const ada = await newcomer('pro')
    const { limit, remaining } = standing(await ask(ada))
    assert.deepEqual([limit, remaining], [3, 2])
    assert.deepEqual(standing(await me(ada)).limit, 8)
  })

  it('as a stream count once, and say how the caller stands', async () => {
    const ada = await newcomer('pro')
    const reply = await fetch(`${test.url}/api/v1/chat`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ada.token}`,
        accept: 'text/event-stream',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ message: 'When was the harbour built?' }),
    })
    assert.equal(reply.headers.get('content-type'), 'text/event-stream; charset=utf-8')
    assert.equal(reply.headers.get('ratelimit-remaining'), '2')
    assert.match(await reply.text(), /\[DONE\]/)
    assert.equal(standing(await me(ada)).remaining, 6)
  })
})

describe('before sign-in', () => {
  const from = async (remoteAddress: string, call: object): Promise<Reply> => {
    const reply = await test.app.http.inject({ remoteAddress, ...call })
    return { status: reply.statusCode, headers: reply.headers, body: reply.json() }
  }
  const setup = { method: 'GET', url: '/api/v1/auth/setup' }
  const refresh = { method: 'POST', url: '/api/v1/auth/refresh' }
  const login = (email: string) => ({
    method: 'POST',
    url: '/api/v1/auth/login',
    payload: { email, password: testPassword },
  })

  it('sign-ins are as many from one network address as it may send, right or wrong', async () => {
    const ada = await newcomer()
    const wrong = () => from('203.0.113.1', { ...refresh, payload: { refreshToken: 'not one' } })
    const statuses = await calls(31, wrong)
    assert.deepEqual([statuses.filter((status) => status === 401).length, statuses[30]], [30, 429])
    assert.equal((await from('203.0.113.1', login(ada.email))).status, 429)
    assert.equal((await from('203.0.113.2', login(ada.email))).status, 200)
    assert.equal((await me(ada)).status, 200, 'who is signed in is not kept out')
    await assertLimited(await wrong(), 'credentials', wrong)
  })

  it('calls draw from their network address, refused ones too', async () => {
    const ada = await newcomer()
    const of = (url: string, headers = {}) => from('203.0.113.3', { method: 'GET', url, headers })
    const statuses = [
      await of('/api/v1/auth/setup'),
      await of('/api/v1/auth/me'),
      await of('/api/v1/auth/me', { authorization: 'Bearer nonsense' }),
      await of('/api/documents'),
      await of('/api/v1/auth/setup', { authorization: 'Bearer nonsense' }),
      await of('/api/v1/auth/me'),
    ].map(({ status }) => status)
    assert.deepEqual(statuses, [200, 401, 401, 401, 200, 401])
    const again = () => of('/api/v1/auth/setup')
    assert.equal((await of('/api/v1/auth/me')).status, 429)
    const signedIn = await of('/api/v1/auth/me', { authorization: `Bearer ${ada.token}` })
    assert.equal(signedIn.status, 200)
    await assertLimited(await again(), 'address', again)
  })

  it('a subscriber has one IPv6 network, whatever addresses are made in it', async () => {
    await newcomer()
    let host = 0
    const next = () => {
      host += 1
      return from(`2001:db8:1:2::${host.toString(16)}`, setup)
    }
    assert.deepEqual(await calls(7, next), [200, 200, 200, 200, 200, 200, 429])
  })

  it('nobody becomes another by a header', async () => {
    await newcomer()
    const proxied = await openTestApp({
      database: test.database,
      env: { ...settings, TRUST_PROXY: 'on' },
      clock,
      alone: false,
    })
    try {
      let claim = 0
      const call = async (): Promise<Reply> => {
        claim += 1
        // The proxy adds the address that it sees behind what the caller sent.
        const headers = { 'x-forwarded-for': `198.51.100.${claim}, 203.0.113.9` }
        return request(proxied, { method: 'GET', path: '/auth/setup', headers })
      }
      assert.deepEqual(await calls(7, call), [200, 200, 200, 200, 200, 200, 429])
    } finally {
      await proxied.close()
    }
  })
})

describe('under no limit', () => {
  it('are probes, the description of the API and the page', async () => {
    const ada = await newcomer('free')
    const authorization = `Bearer ${ada.token}`
    for (const path of ['/health', '/health/live', '/api/v1/health/ready', '/api/v1/health', '/api/v1/openapi.json']) {
      for (let at = 0; at < 8; at += 1) {
        const { status, headers } = await request(test, { method: 'GET', path, headers: { authorization } })
        assert.deepEqual([status, headers['ratelimit-limit']], [200, undefined], path)
      }
    }
    assert.equal((await test.app.http.inject({ url: '/' })).headers['ratelimit-limit'], undefined)
    assert.equal(standing(await me(ada)).remaining, 3)
  })

  it('is everything with RATE_LIMITS=off', async () => {
    const shared = await testApp()
    const { headers } = await me(await newPerson(shared))
    assert.equal(headers['ratelimit-limit'], undefined)
  })
})

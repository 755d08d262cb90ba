import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { newPerson, type Person, type Reply, request } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'
import { createRequestMetrics, linesOf } from './metrics.ts'

const token = 'prometheus-of-this-school'
let test: FreshApp
let ada: Person
before(async () => {
  test = await openFreshApp({ METRICS_TOKEN: token, RATE_LIMITS: 'on', LIMIT_CHAT_PER_MINUTE: '2' })
  ada = await newPerson(test)
})
after(() => test.close())

const metrics = async (authorization = `Bearer ${token}`): Promise<Reply> => {
  const reply = await test.app.http.inject({ url: '/metrics', headers: { authorization } })
  return { status: reply.statusCode, headers: reply.headers, body: reply.payload }
}
/** Of a line `name{labels} value` the value. */
const sampleOf = (text: string, sample: string): number => {
  const line = text.split('\n').find((line) => line.startsWith(`${sample} `))
  assert.ok(line, `${sample} is missing in:\n${text}`)
  return Number(line.slice(sample.length + 1))
}

describe('/metrics', () => {
  it('are for who has the token of the settings', async () => {
    for (const wrong of ['', 'Bearer ', `Bearer ${token}x`, token, `Bearer ${ada.token}`]) {
      const { status, headers, body } = await metrics(wrong)
      assertProblem({ status, headers, body: JSON.parse(body) }, 401, 'unauthenticated')
    }
    assert.equal((await metrics()).status, 200)
  })

  it('are nowhere without one', async () => {
    const closed = await openFreshApp()
    try {
      const reply = await closed.app.http.inject({ url: '/metrics', headers: { authorization: 'Bearer null' } })
      assertProblem({ status: reply.statusCode, headers: reply.headers, body: reply.json() }, 404, 'not_found')
    } finally {
      await closed.close()
    }
  })

  it('count calls by route and outcome, and those that met a limit', async () => {
    await ada.call('GET', '/documents/00000000-0000-7000-8000-00000000dead')
    for (let at = 0; at < 3; at += 1) await ada.call('POST', '/chat', { message: 'When was the harbour built?' })
    await request(test, { method: 'GET', path: '/api/v1/nothing-at/this-address' })
    const { body, headers } = await metrics()
    assert.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
    const at = (method: string, route: string) => `method="${method}",route="${route}"`
    assert.equal(sampleOf(body, `lyceum_requests_total{${at('GET', '/api/v1/documents/:id')},status="4xx"}`), 1)
    assert.equal(sampleOf(body, `lyceum_requests_total{${at('POST', '/api/v1/chat')},status="2xx"}`), 2)
    assert.equal(sampleOf(body, `lyceum_requests_total{${at('POST', '/api/v1/chat')},status="4xx"}`), 1)
    assert.equal(sampleOf(body, `lyceum_request_duration_seconds_count{${at('POST', '/api/v1/chat')}}`), 3)
    assert.equal(sampleOf(body, `lyceum_request_duration_seconds_bucket{${at('POST', '/api/v1/chat')},le="+Inf"}`), 3)
    assert.equal(sampleOf(body, 'lyceum_limits_refused_total{limit="chat"}'), 1)
    assert.ok(!body.includes('this-address') && !body.includes('dead') && !body.includes(ada.id))
  })

  it('tell of jobs, the database and the process', async () => {
    await ada.read('note.txt', 'A note.')
    const { body } = await metrics()
    assert.ok(sampleOf(body, 'lyceum_jobs{state="done"}') >= 1)
    assert.ok(sampleOf(body, 'lyceum_database_sessions_in_use') >= 0)
    assert.ok(sampleOf(body, 'lyceum_database_waiting') >= 0)
    assert.ok(sampleOf(body, 'lyceum_event_loop_lag_seconds{quantile="0.99"}') >= 0)
    assert.ok(sampleOf(body, 'process_resident_memory_bytes') > 2 ** 20)
    assert.ok(sampleOf(body, 'process_cpu_seconds_total') > 0)
  })
})

describe('numbers for Prometheus', () => {
  it('of times are counted up to each bound', () => {
    const requests = createRequestMetrics()
    for (const ms of [1, 5, 6, 30, 20_000]) requests.count({ method: 'GET', route: '/a', status: 200, ms })
    const text = requests.lines().join('\n')
    const bucket = (le: string): number =>
      sampleOf(text, `lyceum_request_duration_seconds_bucket{method="GET",route="/a",le="${le}"}`)
    assert.deepEqual(['0.005', '0.01', '0.025', '0.05', '10', '+Inf'].map(bucket), [2, 3, 3, 4, 4, 5])
    assert.equal(sampleOf(text, 'lyceum_request_duration_seconds_sum{method="GET",route="/a"}'), 20.042)
  })

  it('have labels that break no line', async () => {
    const labels = { path: 'a"b\\c\nd' }
    const read = () => [{ labels, value: 1 }]
    const lines = await linesOf({ name: 'n', help: 'h', type: 'gauge', read })
    assert.deepEqual(lines, ['# HELP n h', '# TYPE n gauge', 'n{path="a\\"b\\\\c\\nd"} 1'])
  })

  it('that cannot be read leave the others as they are', async () => {
    const read = () => Promise.reject(new Error('the database is away'))
    assert.deepEqual(await linesOf({ name: 'n', help: 'h', type: 'gauge', read }), [])
  })
})

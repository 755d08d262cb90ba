/** The line that each call leaves in the log. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { json, route, stream } from '@lyceum/contract/route'
import { systemActor } from '#platform/actor.ts'
import { get, named, serve, Thing } from '#testing/one-route.ts'

const actor = systemActor({ institutionId: 'i', personId: 'p' }, 'r')
const linesOf = (lines: string[]) => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
/** The log's first line about a call, when it is there: after the answer. */
const lineOf = async (lines: string[]) => {
  while (linesOf(lines).length === 0) await new Promise(setImmediate)
  return linesOf(lines)[0]
}
const listen = async (t: TestContext, { http }: Pick<ReturnType<typeof serve>, 'http'>): Promise<string> => {
  t.after(() => http.close())
  return http.listen({ host: '127.0.0.1', port: 0 })
}

describe('a call in the log', () => {
  it('has its route, outcome, size, ids and time, and nothing of what was asked', async () => {
    const { call, lines } = serve(route({ ...get, path: '/things/:id', reply: json(Thing) }), named, { actor })
    await call({ url: '/api/v1/things/secret-id?q=secret-query', headers: { 'x-request-id': 'req-1' } })
    const line = await lineOf(lines)
    const { method, status, bytes, requestId, userId, ms } = line
    assert.deepEqual(
      { method, route: line.route, status, bytes, requestId, userId },
      { method: 'GET', route: '/api/v1/things/:id', status: 200, bytes: 12, requestId: 'req-1', userId: 'p' },
    )
    assert.ok(Number.isInteger(ms) && ms >= 0)
    assert.equal('aborted' in line, false)
    assert.ok(!lines.join('').includes('secret'))
  })

  it('that is refused has a line as well, and only one', async () => {
    const { call, lines } = serve(route({ ...get, auth: 'admin', reply: json(Thing) }), named, { actor })
    await call()
    assert.equal((await lineOf(lines)).status, 403)
    await call({ url: '/nothing/here' })
    assert.deepEqual(
      linesOf(lines).map((line) => [line.status, line.route]),
      [
        [403, '/api/v1/thing'],
        [404, 'none'],
      ],
    )
  })

  it('that is answered by a stream has the size of the stream', async (t) => {
    const events = async function* () {
      yield [{ id: 1, data: 'x'.repeat(10_000) }]
    }
    const served = serve(route({ ...get, reply: stream }), async () => ({ kind: 'events', events: events() }))
    const url = await listen(t, served)
    const reply = await fetch(`${url}/api/v1/thing`)
    const { length } = await reply.text()
    const { bytes, status } = await lineOf(served.lines)
    assert.ok(status === 200 && length > 10_000 && bytes >= length && bytes < length + 2_000, `${bytes} for ${length}`)
  })

  it('whose caller left says so', async (t) => {
    const endless = async function* () {
      yield [{ id: 1, data: '{}' }]
      await new Promise(() => undefined)
    }
    const served = serve(route({ ...get, reply: stream }), async () => ({ kind: 'events', events: endless() }))
    const { port } = new URL(await listen(t, served))
    const socket = connect(Number(port), '127.0.0.1')
    socket.write('GET /api/v1/thing HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(socket, 'data')
    socket.destroy()
    const line = await lineOf(served.lines)
    assert.deepEqual([line.status, line.aborted], [200, true])
  })
})

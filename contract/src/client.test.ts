import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chatRoutes } from './chat.ts'
import { ApiError, addressOf, ConnectionError, createClient } from './client.ts'
import { documentsRoutes } from './documents.ts'
import { identityRoutes } from './identity.ts'

const id = '01a1f8b4-36c7-70b6-9b0c-9b8e5f3e1a7b'
const user = { id, email: 'a@b.de', name: 'A', role: 'student', tier: 'free', createdAt: '2026-11-20T10:00:00.000Z' }
const problem = {
  type: 't',
  title: 't',
  status: 401,
  detail: 'd',
  success: false,
  code: 'unauthenticated',
  requestId: 'r',
}

/** A server that gives these answers in order, and remembers what it was asked. */
const serverOf = (...answers: (Response | Error)[]) => {
  const asked: { address: string; init: RequestInit }[] = []
  const fetch = async (address: unknown, init: RequestInit = {}): Promise<Response> => {
    asked.push({ address: String(address), init })
    const answer = answers.shift()
    if (answer instanceof Response) return answer
    throw answer ?? new Error('one call too many')
  }
  return { asked, fetch }
}
const unauthenticated = (): Response => Response.json(problem, { status: 401 })

describe('the client', () => {
  it('fills addresses in, and leaves out what is not given', () => {
    assert.equal(addressOf(documentsRoutes.page, { params: { id, n: 3 } }), `/api/v1/documents/${id}/pages/3`)
    assert.equal(addressOf(documentsRoutes.get, { params: { id: 'a/b?c' } }), '/api/v1/documents/a%2Fb%3Fc')
    const query = { limit: 5, cursor: undefined }
    assert.equal(addressOf(documentsRoutes.list, { query }, 'http://x'), 'http://x/api/v1/documents?limit=5')
  })

  it('sends JSON and gives what the contract says', async () => {
    const server = serverOf(Response.json({ user, expiresInSeconds: 60, more: true }))
    const client = createClient({ fetch: server.fetch, origin: 'http://x' })
    const body = { email: 'a@b.de', password: 'p', session: 'cookie' } as const
    const reply = await client.call(identityRoutes.login, { body })
    assert.deepEqual(reply, { user, expiresInSeconds: 60 })
    assert.equal(server.asked[0]?.address, 'http://x/api/v1/auth/login')
    assert.deepEqual(JSON.parse(String(server.asked[0]?.init.body)), body)
  })

  it('gives nothing where the answer has no body', async () => {
    const server = serverOf(new Response(null, { status: 202 }))
    const client = createClient({ fetch: server.fetch })
    assert.equal(await client.call(chatRoutes.stop, { params: { turnId: id } }), undefined)
  })

  it('renews a session that has ended and calls once more, and no more than that', async () => {
    const server = serverOf(unauthenticated(), Response.json({ user }), unauthenticated(), unauthenticated())
    let renewals = 0
    const renew = async (): Promise<boolean> => {
      renewals += 1
      return true
    }
    const client = createClient({ fetch: server.fetch, renew })
    assert.deepEqual(await client.call(identityRoutes.me, {}), { user })
    await assert.rejects(client.call(identityRoutes.me, {}), ApiError)
    assert.equal(renewals, 2)
  })

  it('renews nothing for a call that needs no session', async () => {
    const server = serverOf(unauthenticated())
    const client = createClient({ fetch: server.fetch, renew: () => assert.fail('renewed') })
    const call = client.call(identityRoutes.login, { body: { email: 'a@b.de', password: 'p' } })
    await assert.rejects(call, (error) => error instanceof ApiError && error.problem.code === 'unauthenticated')
  })

  it('tells a refusal by its code, with when to try again', async () => {
    const limited = { ...problem, status: 429, code: 'rate_limited' }
    const server = serverOf(Response.json(limited, { status: 429, headers: { 'retry-after': '7' } }))
    const call = createClient({ fetch: server.fetch }).call(identityRoutes.setup, {})
    await assert.rejects(call, (error) => error instanceof ApiError && error.retryAfterSeconds === 7)
  })

  it('makes a problem of an answer that is none', async () => {
    const server = serverOf(new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'x-request-id': 'r9' } }))
    const call = createClient({ fetch: server.fetch }).call(identityRoutes.setup, {})
    await assert.rejects(
      call,
      (error) => error instanceof ApiError && error.problem.status === 502 && error.problem.requestId === 'r9',
    )
  })

  it('tells a lost connection from a refusal', async () => {
    const client = createClient({ fetch: serverOf(new TypeError('fetch failed')).fetch })
    await assert.rejects(client.call(identityRoutes.setup, {}), ConnectionError)
  })
})

/** Every call of the contract, as everyone: attacks 11, 12 and 21. A call without a line in the table fails. */
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { allRoutes } from '@lyceum/contract'
import type { ErrorCode } from '@lyceum/contract/errors'
import type { Route } from '@lyceum/contract/route'
import { uuidv7 } from 'uuidv7'
import { testApp } from '#testing/app.ts'
import {
  multipartOf,
  newInstitution,
  newPerson,
  type Person,
  type Reply,
  request,
  testPassword,
} from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

/** What one person has. */
interface Things {
  document: string
  job: string
  turn: string
  conversation: string
  session: string
  key: string
}
interface Case {
  /** Parameters of the path. */
  params?: (things: Things) => Record<string, string>
  body?: (things: Things) => unknown
  /** Fields beside a file. */
  fields?: (things: Things) => Record<string, string>
  /** What the owner gets, and on a call without a thing everyone who may call. */
  status: number
  /** The call names a thing: to anyone but its owner it is not there. Without it the call is about the caller. */
  hidden?: ErrorCode
  /** Ends what it is called on, so the owner's call goes to a second set. */
  ends?: true
}

const document = { params: ({ document: id }: Things) => ({ id }), hidden: 'document_not_found' } as const
const page = { ...document, params: ({ document: id }: Things) => ({ id, n: '1' }) }
const conversation = { params: ({ conversation: id }: Things) => ({ id }), hidden: 'conversation_not_found' } as const
const turn = { params: ({ turn: turnId }: Things) => ({ turnId }), hidden: 'turn_not_found' } as const
const newcomer = () => ({ email: `${uuidv7()}@example.org`, password: testPassword })
const message = 'When was the harbour of Emden built?'

const matrix: Record<string, Case[]> = {
  getHealth: [{ status: 200 }],
  getSetup: [{ status: 200 }],
  register: [{ body: newcomer, status: 201 }],
  login: [{ body: () => ({ email: owner.email, password: testPassword }), status: 200 }],
  refresh: [{ body: () => ({ refreshToken: 'unknown' }), status: 401 }],
  logout: [{ status: 204, ends: true }],
  getMe: [{ status: 200 }],
  getTokenStatus: [{ status: 200 }],
  requestVerificationCode: [{ body: () => ({ email: newcomer().email, purpose: 'register' }), status: 202 }],
  resetPassword: [
    { body: () => ({ email: newcomer().email, code: '000000', newPassword: testPassword }), status: 422 },
  ],
  changePassword: [
    { body: () => ({ currentPassword: testPassword, newPassword: testPassword }), status: 204, ends: true },
  ],
  changeEmail: [{ body: () => ({ newEmail: newcomer().email, code: '000000', password: testPassword }), status: 422 }],
  listSessions: [{ status: 200 }],
  endSession: [{ params: ({ session: id }) => ({ id }), status: 204, hidden: 'session_not_found', ends: true }],
  endOtherSessions: [{ status: 204, ends: true }],
  listKeys: [{ status: 200 }],
  createKey: [{ body: () => ({ name: 'Notebook', scopes: ['chat'], expiresInDays: 1 }), status: 201 }],
  revokeKey: [{ params: ({ key: id }) => ({ id }), status: 204, hidden: 'key_not_found', ends: true }],
  getSecondFactor: [{ status: 200 }],
  startSecondFactor: [{ status: 201 }],
  confirmSecondFactor: [{ body: () => ({ code: '000000' }), status: 422 }],
  removeSecondFactor: [{ body: () => ({ password: testPassword, code: '' }), status: 204 }],
  getKeySet: [{ status: 200 }],
  uploadDocument: [
    { fields: () => ({}), status: 202 },
    {
      fields: ({ conversation: conversationId }) => ({ conversationId }),
      status: 202,
      hidden: 'conversation_not_found',
    },
  ],
  listDocuments: [{ status: 200 }],
  getDocument: [{ ...document, status: 200 }],
  getPage: [{ ...page, status: 200 }],
  listPages: [{ ...document, status: 200 }],
  listVersions: [{ ...document, status: 200 }],
  getFile: [{ ...document, status: 200 }],
  reindexDocument: [{ ...document, status: 202, ends: true }],
  deleteDocument: [{ ...document, status: 204, ends: true }],
  search: [
    { body: () => ({ query: message }), status: 200 },
    {
      body: ({ document: id }) => ({ query: message, documentIds: [id] }),
      status: 200,
      hidden: 'document_not_found',
    },
  ],
  getJob: [{ params: ({ job: id }) => ({ id }), status: 200, hidden: 'job_not_found' }],
  ask: [
    { body: () => ({ message }), status: 200 },
    { body: ({ document: id }) => ({ message, documentIds: [id] }), status: 200, hidden: 'document_not_found' },
    {
      body: ({ conversation: conversationId }) => ({ message, conversationId }),
      status: 200,
      hidden: 'conversation_not_found',
    },
  ],
  streamTurn: [{ ...turn, status: 200 }],
  stopTurn: [{ ...turn, status: 202 }],
  listConversations: [{ status: 200 }],
  getConversation: [{ ...conversation, status: 200 }],
  listMessages: [{ ...conversation, status: 200 }],
  deleteConversation: [{ ...conversation, status: 204, ends: true }],
  listAudit: [{ status: 200 }],
  checkAudit: [{ status: 200 }],
}

/** Stands in the owner's material alone. */
const canary = 'zanderfisch'
let owner: Person
let own: Things
let spare: Things
let others: [string, Person][]
/** Signed in once; the session has ended. */
let gone: Person

const makeThings = async (person: Person, isRead: boolean): Promise<Things> => {
  const text = `The ${canary} harbour of Emden was built in 1847. ${isRead}`
  const { body: read } = isRead ? await person.read('tides.md', text) : await person.upload('tides.md', text)
  const { body: answer } = await person.call('POST', '/chat', { message: `${message} ${canary}` })
  const [document, job] = isRead ? [read.id, read.jobId] : [read.document.id, read.job.id]
  const again = { email: person.email, password: testPassword }
  const { body: session } = await person.call('POST', '/auth/login', again)
  const headers = { authorization: `Bearer ${session.accessToken}` }
  const { body: sessions } = await person.call('GET', '/users/me/sessions', undefined, headers)
  const { body: key } = await person.call('POST', '/users/me/keys', { name: 'Lab', scopes: ['chat'], expiresInDays: 1 })
  return {
    document,
    job,
    turn: answer.turnId,
    conversation: answer.conversationId,
    session: sessions.items.find(({ current }: { current: boolean }) => current).id,
    key: key.id,
  }
}

before(async () => {
  const test = await testApp()
  const institutionId = await newInstitution(test)
  owner = await newPerson(test, { institutionId })
  gone = await newPerson(test, { institutionId })
  await gone.call('POST', '/auth/logout')
  own = await makeThings(owner, true)
  spare = await makeThings(owner, false)
  others = [
    ['a fellow student', await newPerson(test, { institutionId })],
    ['a teacher', await newPerson(test, { institutionId, role: 'teacher' })],
    ['an admin', await newPerson(test, { institutionId, role: 'admin' })],
    ['a student elsewhere', await newPerson(test)],
    ['an admin elsewhere', await newPerson(test, { role: 'admin' })],
  ]
})

const nobodys = (): Things => ({
  document: uuidv7(),
  job: uuidv7(),
  turn: uuidv7(),
  conversation: uuidv7(),
  session: uuidv7(),
  key: uuidv7(),
})

/** Makes the call of a case about `things`, as a person or as nobody. */
const make = async (route: Route, given: Case, things: Things, person?: Person, prefix = '/api/v1'): Promise<Reply> => {
  const params = given.params?.(things) ?? {}
  const path = `${route.prefix === '/api' ? prefix : route.prefix}${route.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? name)}`
  const headers: Record<string, string> = person ? { authorization: `Bearer ${person.token}` } : {}
  const { method } = route
  if (given.body) return request(await testApp(), { method, path, headers, body: given.body(things) })
  if (!given.fields) return request(await testApp(), { method, path, headers })
  const { payload, contentType } = multipartOf('note.txt', uuidv7(), given.fields(things))
  return request(await testApp(), { method, path, payload, headers: { ...headers, 'content-type': contentType } })
}

/** An answer without what differs by chance: ids, times and secrets. */
const essence = ({ status, body }: Reply): string =>
  `${status} ${JSON.stringify(body).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')}`

/** Nothing of the owner's stands in what somebody else was told. */
const assertNothingOf = (things: Things[], { body }: Reply): void => {
  const told = JSON.stringify(body)
  for (const secret of [canary, owner.email, ...things.flatMap((each) => Object.values(each))]) {
    assert.ok(!told.includes(secret), `told ${secret}: ${told}`)
  }
}

/** Routes beside the contract: they tell nothing about anybody, and take nothing. Metrics want a token of the settings. */
const open = [
  'GET *',
  'GET /health',
  ...['', '/api', '/api/v1'].map((prefix) => `GET ${prefix}/health/ready`),
  'GET /health/live',
  'GET /metrics',
  'GET /api/openapi.json',
  'GET /api/v1/openapi.json',
]

/** `METHOD path` of every line of the server's own drawing of its routes, a tree in steps of four characters. */
const routesOf = (drawing: string): string[] => {
  const path: string[] = []
  return [...drawing.matchAll(/^((?:│ {3}| {4})*)[├└]── (\S+) \(([A-Z, ]+)\)$/gm)].flatMap(
    ([, indent = '', part = '', methods = '']) => {
      path.splice(indent.length / 4, path.length, part)
      return methods
        .split(', ')
        .filter((method) => method !== 'HEAD')
        .map((method) => `${method} ${path.join('')}`)
    },
  )
}

const thingsFor = (given: Case): Things => (given.ends ? spare : own)
const casesOf = (route: Route): Case[] => matrix[route.id] ?? []

describe('the access matrix', () => {
  it('has a line for every call of the contract, and no other', () => {
    assert.ok(allRoutes.length > 20)
    assert.deepEqual(Object.keys(matrix).sort(), allRoutes.map(({ id }) => id).sort())
    for (const [id, cases] of Object.entries(matrix)) assert.ok(cases.length > 0, id)
  })

  it('covers every route that the server has', async () => {
    const { app } = await testApp()
    const listed = new Set(
      allRoutes.flatMap(({ method, prefix, path }) =>
        prefix === '/api' ? [`${method} /api/v1${path}`, `${method} /api${path}`] : [`${method} ${prefix}${path}`],
      ),
    )
    const unlisted = routesOf(app.http.printRoutes({ commonPrefix: false })).filter((route) => !listed.has(route))
    assert.deepEqual(unlisted.sort(), open.sort())
  })
})

for (const route of allRoutes.filter(({ auth }) => auth === 'anyone')) {
  describe(`${route.method} ${route.path}`, () => {
    it('is open to everyone, and shows nobody’s things', async () => {
      for (const given of casesOf(route)) {
        for (const person of [undefined, owner, gone, ...others.map(([, other]) => other)]) {
          const reply = await make(route, given, own, person)
          assert.equal(reply.status, given.status, JSON.stringify(reply.body))
        }
      }
    })
  })
}

const isForRole = ({ auth }: Route): boolean => auth === 'staff' || auth === 'admin'

for (const route of allRoutes.filter(isForRole)) {
  describe(`${route.method} ${route.path}`, () => {
    const may = (who: string): boolean => /admin/.test(who) || (route.auth === 'staff' && /teacher/.test(who))

    it('is closed to who is not signed in, or has another role', async () => {
      for (const given of casesOf(route)) {
        assertProblem(await make(route, given, own), 401, 'unauthenticated')
        assertProblem(await make(route, given, own, gone), 401, 'token_expired')
        assertProblem(await make(route, given, own, owner), 403, 'forbidden')
        for (const [, other] of others.filter(([who]) => !may(who)))
          assertProblem(await make(route, given, own, other), 403, 'forbidden')
      }
    })

    it('is open to the role, and tells nothing of another institution', async () => {
      for (const given of casesOf(route)) {
        for (const [who, other] of others.filter(([who]) => may(who))) {
          const reply = await make(route, given, own, other)
          assert.equal(reply.status, given.status, who)
          if (/elsewhere/.test(who)) assertNothingOf([own, spare], reply)
        }
      }
    })
  })
}

for (const route of allRoutes.filter(({ auth }) => auth === 'signed_in')) {
  describe(`${route.method} ${route.path}`, () => {
    it('is closed to who is not signed in, or no longer', async () => {
      for (const given of casesOf(route)) {
        for (const prefix of ['/api/v1', '/api']) {
          assertProblem(await make(route, given, own, undefined, prefix), 401, 'unauthenticated')
          assertProblem(await make(route, given, own, gone, prefix), 401, 'token_expired')
        }
      }
    })

    it('hides what is the owner’s from everybody else', async () => {
      for (const given of casesOf(route).filter(({ hidden }) => hidden)) {
        for (const [who, other] of others) {
          const theirs = await make(route, given, thingsFor(given), other)
          assertProblem(theirs, 404, given.hidden)
          assert.equal(essence(theirs), essence(await make(route, given, nobodys(), other)), who)
        }
      }
    })

    it('tells others of their own alone', async () => {
      for (const given of casesOf(route).filter(({ hidden }) => !hidden)) {
        for (const [who, other] of others) {
          if (given.ends) continue
          const reply = await make(route, given, own, other)
          assert.equal(reply.status, given.status, who)
          assertNothingOf([own, spare], reply)
        }
      }
    })

    it('is open to the owner', async () => {
      for (const given of casesOf(route)) {
        const person = given.ends && !given.hidden ? await newPerson(await testApp()) : owner
        const reply = await make(route, given, thingsFor(given), person)
        assert.equal(reply.status, given.status, JSON.stringify(reply.body))
      }
    })
  })
}

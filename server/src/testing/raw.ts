/** Calls below what `request` makes: any bytes, any headers, any address. */

import type { Readable } from 'node:stream'
import { allRoutes } from '@lyceum/contract'
import type { Route } from '@lyceum/contract/route'
import { uuidv7 } from 'uuidv7'
import type { TestApp } from './app.ts'
import { type Person, type Reply, testPassword } from './people.ts'

export const json = { 'content-type': 'application/json' }
export const jsonRoutes = allRoutes.filter(({ body }) => body?.kind === 'json')

/** Bodies that would be taken, by the route's id; each test spoils one. */
export const samples: Record<string, Record<string, string>> = {
  register: { name: 'Ada', password: testPassword, email: 'ada@example.org' },
  login: { email: 'ada@example.org', password: testPassword },
  refresh: { refreshToken: 'unknown' },
  requestVerificationCode: { email: 'ada@example.org', purpose: 'register' },
  resetPassword: { email: 'ada@example.org', code: '000000', newPassword: testPassword },
  changePassword: { currentPassword: 'unknown', newPassword: testPassword },
  changeEmail: { newEmail: 'ada@example.org', code: '000000', password: 'unknown' },
  createKey: { name: 'Lab' },
  confirmSecondFactor: { code: 'unknown' },
  removeSecondFactor: { password: 'unknown', code: 'unknown' },
  search: { query: 'tides' },
  ask: { message: 'tides?' },
}

export interface Raw {
  payload?: string | Buffer | Readable
  headers?: Record<string, string>
  /** Instead of the route's own, which names things that are not there. */
  url?: string
  method?: string
}

/** Sends as a person whatever is given. */
export const sendRaw = async (
  { test, person }: { test: TestApp; person: Person },
  route: Pick<Route, 'method' | 'path'>,
  { payload, headers, url, method = route.method }: Raw,
): Promise<Reply> => {
  const reply = await test.app.http.inject({
    method: method as Route['method'],
    url: url ?? addressOf(route),
    headers: { authorization: `Bearer ${person.token}`, ...headers },
    ...(payload !== undefined && { payload }),
  })
  return { status: reply.statusCode, headers: reply.headers, body: JSON.parse(reply.payload || 'null') }
}

const addressOf = ({ path }: Pick<Route, 'path'>): string =>
  `/api/v1${path.replace(/:n\b/, '1').replace(/:\w+/g, () => uuidv7())}`

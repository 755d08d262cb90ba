/** People and institutions for tests, and calls as one of them. */

import type { Role } from '@lyceum/contract/identity'
import { uuidv7 } from 'uuidv7'
import type { TestApp } from './app.ts'

export interface Reply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  body: any
  headers: Record<string, string | string[] | number | undefined>
}

export interface Person {
  id: string
  email: string
  institutionId: string
  token: string
  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>
  upload(name: string, bytes: Buffer | string, fields?: Record<string, string>): Promise<Reply>
  /** Uploads and waits until the document is ready or failed. */
  read(name: string, bytes: Buffer | string, fields?: Record<string, string>): Promise<Reply>
}

export const testPassword = 'Secret-123'
/** Argon2id of `testPassword`, made once: hashing anew would be most of a test's time. */
const testPasswordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$0ujLP6yCa/UX09Ofh5tD6Q$gmNfOoEBIyzPkO9HanK3OQZZTtj7u9RX3N086FLhASE'

/** An institution of a test's own. */
export const newInstitution = async ({ admin }: TestApp): Promise<string> => {
  const id = uuidv7()
  await admin.exec(`insert into institutions (id, name) values ('${id}', 'Test ${id}')`)
  return id
}

/** Someone signed in. Without an institution they get one of their own. */
export const newPerson = async (
  test: TestApp,
  { institutionId, role = 'student' }: { institutionId?: string; role?: Role } = {},
): Promise<Person> => {
  const id = uuidv7()
  const home = institutionId ?? (await newInstitution(test))
  const email = `${id}@example.org`
  await test.admin.exec(
    `insert into users (id, institution_id, email, name, password_hash, role, tier)
     values ('${id}', '${home}', '${email}', 'Somebody', '${testPasswordHash}', '${role}', 'pro')`,
  )
  const { body } = await request(test, { method: 'POST', path: '/auth/login', body: { email, password: testPassword } })
  return { ...personOf(test, body.accessToken), id, email, institutionId: home, token: body.accessToken }
}

const personOf = (test: TestApp, token: string): Pick<Person, 'call' | 'upload' | 'read'> => {
  const authorization = `Bearer ${token}`
  const call: Person['call'] = (method, path, body, headers) =>
    request(test, { method, path, body, headers: { authorization, ...headers } })
  const upload: Person['upload'] = (name, bytes, fields = {}) => {
    const { payload, contentType } = multipartOf(name, bytes, fields)
    return request(test, {
      method: 'POST',
      path: '/documents',
      payload,
      headers: { authorization, 'content-type': contentType },
    })
  }
  const read: Person['read'] = async (name, bytes, fields) => {
    const { body } = await upload(name, bytes, fields)
    await settled(test, call, body.job.id)
    return call('GET', `/documents/${body.document.id}`)
  }
  return { call, upload, read }
}

/** Resolves when the job is final: told by the bus, and looked up once before in case it is already. */
const settled = async ({ platform }: TestApp, call: Person['call'], jobId: string): Promise<void> => {
  let wake = (): void => undefined
  const stop = platform.bus.subscribe('job.changed', ({ id }) => {
    if (id === jobId) wake()
  })
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        wake = resolve
      })
      const { body } = await call('GET', `/jobs/${jobId}`)
      if (['done', 'failed', 'cancelled'].includes(body.state)) return
      await changed
    }
  } finally {
    stop()
  }
}

interface Given {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: unknown
  payload?: Buffer | string
  headers?: Record<string, string> | undefined
}

/** A call of the API as anyone; `payload` goes as it is, `body` as JSON. */
export const request = async ({ app }: TestApp, { method, path, body, payload, headers }: Given): Promise<Reply> => {
  const reply = await app.http.inject({
    method,
    url: /^\/(api|health|\.well-known)\b/.test(path) ? path : `/api/v1${path}`,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(payload !== undefined && { payload }),
    ...(body !== undefined && { payload: JSON.stringify(body) }),
  })
  return { status: reply.statusCode, headers: reply.headers, body: parsed(reply.payload) }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A multipart body as browsers send it: the fields, then the file. */
export const multipartOf = (name: string, bytes: Buffer | string, fields: Record<string, string>) => {
  const boundary = `lyceum-${uuidv7()}`
  const parts = Object.entries(fields).map(
    ([key, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  )
  const quoted = name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${quoted}"\r\ncontent-type: application/octet-stream\r\n\r\n`
  const payload = Buffer.concat([
    Buffer.from(parts.join('') + head),
    Buffer.from(bytes),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  return { payload, contentType: `multipart/form-data; boundary=${boundary}` }
}

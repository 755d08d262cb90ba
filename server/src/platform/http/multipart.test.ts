/** Multipart bodies as no browser sends them, through the app and on real connections. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { uuidv7 } from 'uuidv7'
import { type TestApp, testApp } from '#testing/app.ts'
import { newPerson, type Person, type Reply, request } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

let test: TestApp
let ada: Person
before(async () => {
  test = await testApp()
  ada = await newPerson(test)
})

const field = (name: string, value: string): string =>
  `--cut\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const file = (content: string, name = 'file'): string =>
  `--cut\r\ncontent-disposition: form-data; name="${name}"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n${content}\r\n`
const end = '--cut--\r\n'
const type = 'multipart/form-data; boundary=cut'

const bodies: [string, string, contentType: string, status: number, code: string][] = [
  ['no boundary', file('a') + end, 'multipart/form-data', 400, 'body_unparsable'],
  ['an empty boundary', file('a') + end, 'multipart/form-data; boundary=', 400, 'body_unparsable'],
  ['another boundary', file('a') + end, 'multipart/form-data; boundary=other', 400, 'body_unparsable'],
  ['nothing', '', type, 400, 'body_unparsable'],
  ['garbage', 'garbage', type, 400, 'body_unparsable'],
  ['no part', end, type, 422, 'file_missing'],
  ['no file', field('courseId', uuidv7()) + end, type, 422, 'file_missing'],
  ['a file of another name', file('a', 'other') + end, type, 422, 'file_missing'],
  ['a field after the file', file('a') + field('conversationId', uuidv7()) + end, type, 422, 'input_invalid'],
  ['1,000 fields', field('a', 'b').repeat(1000) + file('a') + end, type, 422, 'input_invalid'],
  ['21 fields', field('a', 'b').repeat(21) + file('a') + end, type, 422, 'input_invalid'],
  ['an endless field', field('courseId', 'x'.repeat(20_000)) + file('a') + end, type, 422, 'input_invalid'],
  ['100 files', file('a', 'other').repeat(100) + end, type, 422, 'input_invalid'],
  ['a cut in the file', file('a'.repeat(100_000)).slice(0, 50_000), type, 400, 'body_unparsable'],
  ['a cut behind the file', file('a'), type, 400, 'body_unparsable'],
  ['a cut in a field', field('courseId', 'x').slice(0, -4), type, 400, 'body_unparsable'],
  ['a field that is no id', field('conversationId', '1') + file('a') + end, type, 422, 'input_invalid'],
  ['a field with NUL', field('conversationId', '\0') + file('a') + end, type, 422, 'text_invalid'],
  [
    'a conversation that is not',
    field('conversationId', uuidv7()) + file('a') + end,
    type,
    404,
    'conversation_not_found',
  ],
  ['JSON', '{}', 'application/json', 415, 'content_type_unsupported'],
  [
    'more JSON than a call may have',
    `"${'x'.repeat(1024 * 1024)}"`,
    'application/json',
    415,
    'content_type_unsupported',
  ],
  ['a form', 'file=a', 'application/x-www-form-urlencoded', 415, 'content_type_unsupported'],
]

describe('an upload', () => {
  for (const [what, payload, contentType, status, code] of bodies) {
    it(`of ${what} is refused, and the answer arrives`, async () => {
      const headers = { authorization: `Bearer ${ada.token}`, 'content-type': contentType }
      const injected = await request(test, { method: 'POST', path: '/documents', payload, headers })
      assertProblem(injected, status, code)
      assertProblem(await overSocket(payload, headers), status, code)
    })
  }

  it('whose file nobody wants is read to its end, and the connection goes on', async () => {
    const large = field('conversationId', uuidv7()) + file('a'.repeat(5_000_000)) + end
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': type }
    assertProblem(await overSocket(large, headers), 404, 'conversation_not_found')
    assert.equal((await ada.call('GET', '/documents')).status, 200)
  })

  it('leaves no document and no file behind when it was refused or cut', async () => {
    const before = (await kept()).length
    await cutOff(`POST /api/v1/documents HTTP/1.1`, file('a'.repeat(10_000)))
    await cutOff(`POST /api/v1/documents HTTP/1.1`, field('conversationId', uuidv7()) + file('a'.repeat(10_000)))
    assert.deepEqual((await ada.call('GET', '/documents')).body.items, [])
    assert.equal((await kept()).length, before)
    // What was arriving goes as soon as the server has seen the cut.
    while ((await readdir(join(test.config.files.dir, 'arriving'))).length > 0);
  })

  it('as browsers send it is taken', async () => {
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': type.replace('form', 'Form') }
    const payload = file('a', 'other') + file(ada.id) + end
    assert.equal((await overSocket(payload, headers)).status, 202)
  })
})

/** Files that have their place. */
const kept = (): Promise<string[]> => readdir(join(test.config.files.dir, ada.institutionId)).catch(() => [])

const overSocket = async (body: string, headers: Record<string, string>): Promise<Reply> => {
  const reply = await fetch(`${test.url}/api/v1/documents`, { method: 'POST', body: Buffer.from(body), headers })
  return { status: reply.status, headers: Object.fromEntries(reply.headers), body: await reply.json() }
}

/** Sends half of what it says it will, and goes. Resolves when the server has noticed. */
const cutOff = async (line: string, body: string): Promise<void> => {
  const noticed = new Promise<void>((resolve) => {
    test.app.http.server.once('connection', (socket) => socket.once('close', () => resolve()))
  })
  const { hostname, port } = new URL(test.url)
  const head = [
    line,
    'host: x',
    `authorization: Bearer ${ada.token}`,
    `content-type: ${type}`,
    'content-length: 1000000',
  ]
  const socket = connect({ host: hostname, port: Number(port) })
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  await noticed
}

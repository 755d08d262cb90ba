/** Bytes on a connection that are hardly a request. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { before, describe, it } from 'node:test'
import { type TestApp, testApp } from '#testing/app.ts'
import { newPerson, type Person, type Reply } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

let test: TestApp
let ada: Person
before(async () => {
  test = await testApp()
  ada = await newPerson(test)
})

/** Everything that the server says to some bytes until it hangs up. */
const say = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(test.url)
    let heard = ''
    connect({ host: hostname, port: Number(port) })
      .setEncoding('utf8')
      .on('data', (text) => {
        heard += text
      })
      .on('error', reject)
      .on('close', () => resolve(heard))
      .write(bytes)
  })

const parse = (answer: string): Reply => {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const [line = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(lines.map((each) => each.split(': ', 2)))
  return { status: Number(line.split(' ')[1]), headers, body: JSON.parse(body) }
}

const call = (headers: string[], body = '{"query":1}'): string =>
  [
    'POST /api/v1/search HTTP/1.1',
    'host: x',
    'connection: close',
    `authorization: Bearer ${ada.token}`,
    ...headers,
    '',
    body,
  ].join('\r\n')

const refused: [string, () => string, status: number][] = [
  ['an address of 20 kB', () => `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
  ['a header of 20 kB', () => `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ['10,000 headers', () => `GET / HTTP/1.1\r\nhost: x\r\n${'x: x\r\n'.repeat(10_000)}\r\n`, 431],
  ['no HTTP', () => 'HELO lyceum\r\n\r\n', 400],
  ['an unknown method', () => 'BREW / HTTP/1.1\r\nhost: x\r\n\r\n', 400],
  ['two lengths', () => call(['content-type: application/json', 'content-length: 11', 'content-length: 12']), 400],
  ['a length and chunks', () => call(['content-length: 11', 'transfer-encoding: chunked']), 400],
  ['chunks that are none', () => call(['content-type: application/json', 'transfer-encoding: chunked'], 'zz\r\n'), 400],
  [
    'two types, the first right',
    () => call(['content-type: application/json', 'content-type: text/plain', 'content-length: 11']),
    422,
  ],
  [
    'two types, the second right',
    () => call(['content-type: text/plain', 'content-type: application/json', 'content-length: 11']),
    415,
  ],
  ['no type', () => call(['content-length: 11']), 415],
  ['a type with a space before it', () => call(['content-type:  application/json', 'content-length: 11']), 422],
  ['a type with a tab behind it', () => call(['content-type: application/json\t', 'content-length: 11']), 422],
  ['a NUL in a header', () => call(['x: \0', 'content-length: 11']), 400],
]

describe('a connection', () => {
  for (const [what, bytes, status] of refused) {
    it(`with ${what} is answered with a problem`, async () => {
      assertProblem(parse(await say(bytes())), status)
    })
  }

  it('that is cut in the middle of a body harms nobody', async () => {
    const { hostname, port } = new URL(test.url)
    const noticed = new Promise<void>((resolve) => {
      test.app.http.server.once('connection', (socket) => socket.once('close', () => resolve()))
    })
    const socket = connect({ host: hostname, port: Number(port) })
    socket.write(call(['content-type: application/json', 'content-length: 1000']), () => socket.destroy())
    await noticed
    assert.equal((await ada.call('GET', '/auth/me')).status, 200)
  })
})

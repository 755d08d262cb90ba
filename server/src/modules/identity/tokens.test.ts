import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { before, describe, it } from 'node:test'
import { decodeJwt, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { type TestApp, testApp } from '#testing/app.ts'
import { newPerson, type Person, request } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

let test: TestApp
let ada: Person
let key: JWK
before(async () => {
  test = await testApp()
  ada = await newPerson(test)
  const [found] = await test.admin.exec(`select private_key from signing_keys where id = 'first'`)
  key = found?.rows[0]?.[0] as JWK
})

const call = (token: string) =>
  request(test, { method: 'GET', path: '/auth/me', headers: { authorization: `Bearer ${token}` } })
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Ada's own token with other claims or another header, signed with the real key unless another is given. */
const forge = async (
  claims: Record<string, unknown>,
  header: { kid?: string; alg?: string } = {},
  signer?: Parameters<SignJWT['sign']>[0],
): Promise<string> =>
  new SignJWT({ ...decodeJwt(ada.token), ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'first', ...header })
    .sign(signer ?? (await importJWK(key, 'EdDSA')))

const bare = (header: object, signature: (input: string) => string): string => {
  const input = `${base64(header)}.${base64(decodeJwt(ada.token))}`
  return `${input}.${signature(input)}`
}
const publicKey = (): string => JSON.stringify({ kty: key.kty, crv: key.crv, x: key.x })

describe('an access token', () => {
  const taken: [string, () => Promise<string>][] = [
    ['as it was given', async () => ada.token],
    ['signed again with our key', () => forge({})],
    ['ended less than a minute ago, as clocks differ', () => forge({ exp: inSeconds(-50) })],
  ]
  for (const [what, token] of taken) {
    it(`is taken ${what}`, async () => {
      assert.equal((await call(await token())).body.user?.id, ada.id)
    })
  }

  const refused: [string, () => Promise<string>][] = [
    ['without a signature (alg none)', async () => bare({ alg: 'none', kid: 'first' }, () => '')],
    ['without a signature, its header kept', async () => `${ada.token.split('.').slice(0, 2).join('.')}.`],
    [
      'signed by HMAC with the public key',
      async () =>
        bare({ alg: 'HS256', kid: 'first' }, (input) =>
          createHmac('sha256', publicKey()).update(input).digest('base64url'),
        ),
    ],
    [
      'signed by HMAC with the raw public key',
      async () =>
        bare({ alg: 'HS256', kid: 'first' }, (input) =>
          createHmac('sha256', Buffer.from(key.x ?? '', 'base64url'))
            .update(input)
            .digest('base64url'),
        ),
    ],
    ['signed with a foreign key', async () => forge({}, {}, (await generateKeyPair('EdDSA')).privateKey)],
    ['with an unknown kid', () => forge({}, { kid: 'second' })],
    ['with a kid that is a path', () => forge({}, { kid: '../../dev/null' })],
    ['with the kid of an object member', () => forge({}, { kid: '__proto__' })],
    ['for another audience', () => forge({ aud: 'elsewhere' })],
    ['of another issuer', () => forge({ iss: 'elsewhere' })],
    ['ended more than a minute ago', () => forge({ exp: inSeconds(-70) })],
    ['not good for ten minutes yet', () => forge({ nbf: inSeconds(600) })],
    ['that never ends', () => forge({ exp: undefined })],
    ['without a session', () => forge({ sid: undefined })],
    ['of a session that is not', () => forge({ sid: '00000000-0000-7000-8000-00000000dead' })],
    ['for somebody else in this session', async () => forge({ sub: (await newPerson(test)).id })],
    [
      'with changed claims',
      async () => {
        const [header, , signature] = ada.token.split('.')
        return `${header}.${base64({ ...decodeJwt(ada.token), role: 'admin' })}.${signature}`
      },
    ],
    ['that is garbage', async () => 'garbage'],
    ['that is three dots', async () => '...'],
    ['that is empty', async () => ''],
    ['that is long', async () => 'x'.repeat(8000)],
  ]
  for (const [what, token] of refused) {
    it(`is refused ${what}`, async () => {
      assertProblem(await call(await token()), 401)
    })
  }

  it('says nothing about the role: the database does', async () => {
    const token = await forge({ role: 'admin', tier: 'enterprise' })
    assert.deepEqual([(await call(token)).body.user.role, (await call(token)).body.user.tier], ['student', 'pro'])
  })

  const places: [string, string, Record<string, string>][] = [
    ['the address', `/auth/me?access_token=${'TOKEN'}&token=TOKEN`, {}],
    ['X-Api-Key', '/auth/me', { 'x-api-key': 'TOKEN' }],
    ['Basic', '/auth/me', { authorization: 'Basic TOKEN' }],
    ['another cookie', '/auth/me', { cookie: 'lyceum_refresh=TOKEN' }],
  ]
  for (const [place, path, headers] of places) {
    it(`is not looked for in ${place}`, async () => {
      const put = (text: string): string => text.replaceAll('TOKEN', ada.token)
      const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, put(value)]))
      assertProblem(await request(test, { method: 'GET', path: put(path), headers: sent }), 401)
    })
  }
})

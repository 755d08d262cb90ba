/** The public vectors of Project Wycheproof for signed tokens, against our verifier and the library under it. */
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { compactVerify, createLocalJWKSet, importJWK, type JWK, jwtVerify } from 'jose'
import { type TestApp, testApp } from '#testing/app.ts'
import { newPerson, request } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'
import { noSharedData, readShared } from '#testing/shared-data.ts'
import { isCompact } from './keys.ts'

let test: TestApp
before(async () => {
  test = await testApp()
})

interface Vector {
  tcId: number
  comment: string
  jws?: string | object
  result: string
}
interface Group {
  comment: string
  type: string
  public?: JWK
  private?: JWK
  tests: Vector[]
}
const groupsOf = (name: string): Group[] =>
  JSON.parse(readShared(`conformance/wycheproof-json_web_${name}_test.json`).toString()).testGroups

/** Whether a token passes with exactly the key and the algorithm that the group names, as our verifier pins its own. */
const passes = async ({ jws }: Vector, key: JWK): Promise<boolean> => {
  try {
    if (typeof jws !== 'string' || !isCompact(jws)) return false
    await compactVerify(jws, await importJWK(key, key.alg), { algorithms: [key.alg ?? ''] })
    return true
  } catch {
    return false
  }
}

/** Answered other than the file says, each for a reason that stands in the standard. */
const otherwise: Record<number, string> = {
  346: 'the header says PS384 and the key PS256: an algorithm is pinned by the key',
  347: 'the key is for ES521, and there is no such algorithm',
  350: 'as 346',
  351: 'as 347',
  367: 'it is said to have padding and has none: the file holds the sound token',
  370: 'as 367',
  372: 'a character that is none of base64url stands in the header (RFC 7515, section 2)',
  373: 'as 372, in the payload',
}

describe('the published keys', () => {
  it('verify our tokens, without a call to us, and hold nothing private', async () => {
    const ada = await newPerson(test)
    const { status, body } = await request(test, { method: 'GET', path: '/.well-known/jwks.json' })
    assert.equal(status, 200)
    assert.ok(body.keys.length > 0)
    for (const key of body.keys) assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    const { payload } = await jwtVerify(ada.token, createLocalJWKSet(body), { issuer: 'lyceum', audience: 'lyceum' })
    assert.equal(payload.sub, ada.id)
    assert.deepEqual(Object.keys(payload).sort(), [
      ...[
        'aud',
        'exp',
        'facultyIds',
        'iat',
        'institutionId',
        'iss',
        'jti',
        'role',
        'semesterIds',
        'sid',
        'sub',
        'tier',
      ],
    ])
  })
})

describe('the vectors for signed tokens', { skip: noSharedData }, () => {
  it('are answered rightly, with the key of each', async () => {
    const all = groupsOf('signature').flatMap((group) => group.tests.map((vector) => ({ group, vector })))
    assert.ok(all.length > 400)
    const differing: number[] = []
    for (const { group, vector } of all) {
      const isTaken = await passes(vector, group.public ?? group.private ?? {})
      if (isTaken !== (vector.result === 'valid')) differing.push(vector.tcId)
    }
    assert.deepEqual(differing, Object.keys(otherwise).map(Number))
  })

  it('are all refused as ours', async () => {
    const tokens = ['signature', 'key', 'crypto'].flatMap((name) => groupsOf(name).flatMap(({ tests }) => tests))
    const given = tokens.flatMap(({ jws }) => (typeof jws === 'string' ? [jws] : []))
    assert.ok(given.length > 400)
    for (const jws of given) {
      const authorization = `Bearer ${jws.replaceAll(/[\r\n]/g, '')}`
      const reply = await request(test, { method: 'GET', path: '/auth/me', headers: { authorization } })
      assertProblem(reply, 401, 'token_expired')
    }
  })
})

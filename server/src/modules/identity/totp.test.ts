import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { base32, matchTotp, stepAt, totpOf, totpUri } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

describe('a time-based code', () => {
  // RFC 6238, appendix B, SHA-1: the last six of its eight digits.
  const vectors: [seconds: number, code: string][] = [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ]
  for (const [seconds, code] of vectors) {
    it(`at ${seconds} s is that of the standard`, () => {
      assert.equal(totpOf(secret, stepAt(new Date(seconds * 1000))), code)
    })
  }

  // RFC 4226, appendix D.
  it('of the first counters is that of the standard', () => {
    const codes = Array.from({ length: 10 }, (_, step) => totpOf(secret, step))
    assert.deepEqual(codes, '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' '))
  })

  it('is taken one step early and one late, and not further', () => {
    const now = new Date(1111111111_000)
    const step = stepAt(now)
    const taken = [-2, -1, 0, 1, 2].map((offset) => matchTotp(secret, totpOf(secret, step + offset), now))
    assert.deepEqual(taken, [null, step - 1, step, step + 1, null])
  })

  it('is six digits and nothing else', () => {
    const now = new Date(59_000)
    for (const code of ['', '28708', '2870820', '２８７０８２', '287o82', ' 87082'])
      assert.equal(matchTotp(secret, code, now), null)
  })
})

describe('the secret', () => {
  // RFC 4648, section 10, without the padding.
  it('is written in base32', () => {
    const written = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => base32(Buffer.from(text)))
    assert.deepEqual(written, ['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI'])
  })

  it('stands in an address that authenticator apps read', () => {
    const uri = new URL(totpUri(secret, 'ada+1@example.org'))
    assert.equal(uri.protocol, 'otpauth:')
    assert.equal(decodeURIComponent(uri.pathname), '/Lyceum:ada+1@example.org')
    assert.deepEqual(Object.fromEntries(uri.searchParams), {
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      issuer: 'Lyceum',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
  })
})

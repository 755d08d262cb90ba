import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networkOf } from '../http/network.ts'

describe('a network address', () => {
  const same: [string, string][] = [
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2::1', '2001:0db8:0001:0002:ffff:ffff:ffff:ffff'],
    ['2001:db8:1:2:3:4:5:6', '2001:DB8:1:2::'],
    ['fe80::1%eth0', 'fe80::2'],
    ['::1', '::2'],
    ['2001:db8::', '2001:db8:0:0:9::'],
    // What a header may hold that is no address.
    ['', 'nonsense'],
    ['a'.repeat(1000), '300.1.1.1'],
  ]
  for (const [one, other] of same) {
    it(`is one subscriber's: ${one.slice(0, 40)} and ${other}`, () => {
      assert.equal(networkOf(one), networkOf(other))
    })
  }

  const apart: [string, string][] = [
    ['203.0.113.7', '203.0.113.8'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8::1', '2001:db8:0:1::1'],
    ['::1', '1::'],
  ]
  for (const [one, other] of apart) {
    it(`is another's: ${one} and ${other}`, () => {
      assert.notEqual(networkOf(one), networkOf(other))
    })
  }
})

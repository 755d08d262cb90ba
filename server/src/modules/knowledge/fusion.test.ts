import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { fuseRanks } from './fusion.ts'

const ranking = fc.uniqueArray(fc.constantFrom(...'abcdefgh'))

describe('fused ranks', () => {
  it('add up 1/(60 + rank)', () => {
    const fused = fuseRanks([
      ['a', 'b', 'c'],
      ['c', 'b'],
    ])
    assert.deepEqual(fused, [
      ['c', 1 / 63 + 1 / 61],
      ['b', 1 / 62 + 1 / 62],
      ['a', 1 / 61],
    ])
  })

  it('keep the order of a ranking that is alone', () => {
    fc.assert(
      fc.property(ranking, (keys) => {
        for (const rankings of [[keys], [keys, []], [[], keys]])
          assert.deepEqual(
            fuseRanks(rankings).map(([key]) => key),
            keys,
          )
      }),
    )
  })

  it('name every key once, and never put one before another that all rankings prefer', () => {
    fc.assert(
      fc.property(fc.array(ranking, { minLength: 1, maxLength: 3 }), (rankings) => {
        const fused = fuseRanks(rankings).map(([key]) => key)
        assert.deepEqual(fused.toSorted(), [...new Set(rankings.flat())].toSorted())
        const rankIn = (keys: string[], key: string): number => {
          const at = keys.indexOf(key)
          return at < 0 ? Number.POSITIVE_INFINITY : at
        }
        for (const [at, better] of fused.entries())
          for (const worse of fused.slice(at + 1))
            assert.ok(rankings.some((keys) => rankIn(keys, better) < rankIn(keys, worse)))
      }),
    )
  })
})

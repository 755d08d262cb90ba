import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { mergePassages } from './neighbours.ts'

const passage = fc.record({
  versionId: fc.constantFrom('v', 'w'),
  page: fc.integer({ min: 1, max: 2 }),
  start: fc.nat(40),
  length: fc.integer({ min: 1, max: 10 }),
})
const passages = fc
  .array(passage, { maxLength: 12 })
  .map((found) => found.map(({ length, ...rest }, rank) => ({ ...rest, rank, end: rest.start + length })))

const samePage = (a: { versionId: string; page: number }, b: { versionId: string; page: number }): boolean =>
  a.versionId === b.versionId && a.page === b.page

describe('merged passages', () => {
  it('cover just what they covered, and meet nowhere', () => {
    fc.assert(
      fc.property(passages, (found) => {
        const merged = mergePassages(found)
        const places = (some: typeof found): Set<string> =>
          new Set(
            some.flatMap(({ versionId, page, start, end }) =>
              Array.from({ length: end - start }, (_, at) => `${versionId} ${page} ${start + at}`),
            ),
          )
        assert.deepEqual(places(merged), places(found))
        for (const [at, a] of merged.entries())
          for (const b of merged.slice(at + 1))
            assert.ok(!samePage(a, b) || a.end < b.start || b.end < a.start, 'two that meet')
      }),
    )
  })

  it('stand where the best of them stood', () => {
    fc.assert(
      fc.property(passages, (found) => {
        const merged = mergePassages(found)
        assert.deepEqual(
          merged.map(({ rank }) => rank),
          merged.map(({ rank }) => rank).toSorted((a, b) => a - b),
        )
        for (const { start, end, rank, ...page } of merged) {
          const parts = found.filter((one) => samePage(one, page) && one.start >= start && one.end <= end)
          assert.equal(rank, Math.min(...parts.map((one) => one.rank)))
        }
      }),
    )
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { markCount, markOf, pageAfterKey, pageOf } from './fore-edge-marks.ts'

describe('the fore-edge', () => {
  it('has a mark for each page, and at most 96', () => {
    assert.deepEqual([markCount(1), markCount(96), markCount(97), markCount(3000)], [1, 96, 96, 96])
    assert.deepEqual([markOf(1, 3000), markOf(3000, 3000), markOf(31, 64)], [0, 95, 30])
  })

  it('finds every page again from its own mark', () => {
    for (const pageCount of [1, 7, 96, 1000]) {
      for (let page = 1; page <= pageCount; page += 1)
        assert.equal(pageOf((page - 0.5) / pageCount, pageCount), page, `${page} of ${pageCount}`)
    }
    assert.deepEqual([pageOf(-1, 20), pageOf(2, 20)], [1, 20])
  })

  it('turns by keys the way that the book does', () => {
    const at = (key: string, page: number, direction: 'ltr' | 'rtl' = 'ltr') =>
      pageAfterKey(key, { page, pageCount: 20, direction })
    assert.deepEqual([at('ArrowRight', 5), at('ArrowLeft', 5), at('ArrowRight', 20), at('ArrowLeft', 1)], [6, 4, 20, 1])
    assert.deepEqual([at('ArrowRight', 5, 'rtl'), at('ArrowLeft', 5, 'rtl')], [4, 6])
    assert.deepEqual([at('Home', 5), at('End', 5), at('PageUp', 5), at('PageDown', 5)], [1, 20, 15, 1])
    assert.equal(at('Enter', 5), null)
    assert.equal(at('toString', 5), null)
  })
})

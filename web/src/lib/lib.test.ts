import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { groupTicks } from '../ui/tick-counts.ts'
import { directionOf, textProps } from './direction.ts'
import { pickLanguage } from './i18n/languages.ts'

describe('the direction of a text', () => {
  it('is that of most of its letters', () => {
    assert.equal(directionOf('Spring tides'), 'ltr')
    assert.equal(directionOf('PDF: يأتي مدّ الاقتران مرتين في الشهر'), 'rtl')
    assert.equal(directionOf('The word مد means tide'), 'ltr')
    assert.equal(directionOf('1847'), 'ltr')
  })
  it('says the language where it is known, and unknown where not', () => {
    assert.deepEqual(textProps('Gezeiten', 'de'), { dir: 'ltr', lang: 'de' })
    assert.deepEqual(textProps('Tides'), { dir: 'ltr', lang: '' })
    assert.deepEqual(textProps('مد'), { dir: 'rtl', lang: 'ar' })
  })
})

describe('the language of the interface', () => {
  it('is the chosen one, else the first of the wished that there is, else English', () => {
    assert.equal(pickLanguage('ar', ['de-AT']), 'ar')
    assert.equal(pickLanguage(null, ['fr', 'de-AT', 'en']), 'de')
    assert.equal(pickLanguage('xx', ['in-ID']), 'id')
    assert.equal(pickLanguage(null, []), 'en')
  })
})

describe('ticks', () => {
  const count = (done: number, total: number, kind: string): number =>
    groupTicks(done, total).filter((it) => it === kind).length
  it('are one for each page while they can be told apart', () => {
    assert.deepEqual([count(37, 88, 'done'), count(37, 88, 'now'), count(37, 88, 'rest')], [37, 1, 50])
  })
  it('stand for several pages after that, and are never full too early', () => {
    assert.equal(groupTicks(0, 3000).length, 88)
    assert.equal(count(2999, 3000, 'now'), 1)
    assert.equal(count(3000, 3000, 'done'), 88)
  })
  it('bear a count that is not known yet', () => assert.deepEqual(groupTicks(0, 0), ['done']))
})

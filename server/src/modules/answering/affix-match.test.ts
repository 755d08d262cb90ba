import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMatcher, fold } from '#modules/language'
import { createAffixMatcher } from './affix-match.ts'

const matchOf = (asked: string, written: string): number =>
  createAffixMatcher([fold(asked)], 'ar')(fold(written))[0] ?? 0

const same: [why: string, asked: string, written: string][] = [
  ['a preposition', 'لتيموجين', 'تيموجين'],
  ['a preposition and the article', 'بالموارد', 'الموارد'],
  ['a pronoun', 'زوجته', 'زوجة'],
  ['another pronoun', 'كتابهم', 'كتابها'],
  ['a plural', 'المهندسين', 'مهندس'],
]
for (const [why, asked, written] of same) {
  test(`an Arabic word is found in spite of ${why}`, () => assert.ok(matchOf(asked, written) >= 0.8))
}

test('a broken plural counts for something, another word for little', () => {
  const plural = matchOf('المفتاح', 'مفاتيح')
  assert.ok(plural >= 0.5 && plural < 0.95, String(plural))
  assert.ok(matchOf('الطائرة', 'الجامعة') < 0.5)
})

test('numbers match exactly or not at all', () => {
  assert.equal(matchOf('1990', '1990'), 1)
  assert.equal(matchOf('1990', '1991'), 0)
})

test('other languages are matched as they were', () => {
  const words = ['energy', 'crisis']
  for (const word of ['energies', 'crises', 'oil']) {
    assert.deepEqual(createAffixMatcher(words, 'en')(word), createMatcher(words, 'en')(word))
  }
})

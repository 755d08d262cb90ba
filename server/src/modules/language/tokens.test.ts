import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countTokens, fold, fourGrams, tokenize } from './index.ts'

const words = (text: string): string[] => tokenize(text).map(({ word }) => word)

/** Processor time and not the clock's: the machine may be busy with other things. */
const cpuMs = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  return process.cpuUsage(before).user / 1_000
}

test('folding brings spellings of a word together', () => {
  assert.equal(fold('Straße'), 'strasse')
  assert.equal(fold('Übergröße'), 'ubergrosse')
  assert.equal(fold('مُحَمَّـــد'), 'محمد')
  assert.equal(fold('أحمد إلى آخر'), 'احمد الي اخر')
  assert.equal(fold('مدرسة على'), 'مدرسه علي')
  assert.equal(fold('٢٠١٦ ۱۲ ٣٫٥'), '2016 12 3.5')
  assert.equal(fold('ﬁne Ⅷ'), 'fine viii')
})

test('numbers keep their inner marks, words their digits and apostrophes, possessives go', () => {
  assert.deepEqual(words("The cat's 1,234.5 H2O isn't 5km"), ['the', 'cat', '1,234.5', 'h2o', "isn't", '5', 'km'])
  assert.deepEqual(words('Zell­kern'), ['zellkern'], 'a soft hyphen is not part of the word')
})

test('offsets give back what was written, byte for byte', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      let end = 0
      for (const token of tokenize(text)) {
        assert.ok(token.start >= end && token.end > token.start && token.end <= text.length)
        assert.equal(tokenize(text.slice(token.start, token.end))[0]?.word, token.word)
        end = token.end
      }
    }),
  )
})

test('no string is too odd, lone surrogates included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      assert.ok(countTokens(text) >= tokenize(text).length)
      for (const { word } of tokenize(text)) assert.ok(fourGrams(word).every((gram) => gram.length <= 4))
    }),
  )
})

test('4-grams are those of the padded word', () => {
  assert.deepEqual(fourGrams('cell'), ['_cel', 'cell', 'ell_'])
  assert.deepEqual(fourGrams('a'), ['_a_'])
})

test('a line of five megabytes without a space costs what prose costs', () => {
  const spent = cpuMs(() => {
    assert.ok(tokenize('a'.repeat(5_000_000)).every(({ word }) => word.length <= 64))
  })
  assert.ok(spent < 3_000, `${spent} ms`)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cleanLine, cleanText } from './clean.ts'

const cases: [what: string, text: string, clean: string][] = [
  ['Latin ligatures', 'e\uFB03cient \uFB02ow', 'efficient flow'],
  ['Arabic presentation forms', '\uFE8D\uFEDF\uFEE4\uFEAA\uFEAD\uFEB3\uFE94 \uFEFB', 'المدرسة لا'],
  ['free-standing vowel marks', 'ب\uFE76 ب\uFE77', 'بَ بَ'],
  ['superscripts and fractions stay', 'x² ½ ① ﬀ', 'x² ½ ① ff'],
  ['composed', 'u\u0308ber', 'über'],
  ['control characters, tab and newline stay', 'a\0b\u0007c\td\ne\u0085f', 'abc\td\ne\nf'],
  ['line ends', 'a\r\nb\rc\u2028d\fe', 'a\nb\nc\nd\ne'],
  ['lone surrogates', 'a\uD800b\uDC00c\u{1F600}', 'abc\u{1F600}'],
  ['direction marks, soft hyphens, byte order marks', '\uFEFFa\u200Eb\u00ADc\u202Ed', 'abcd'],
  ['tags that hide text', `a${String.fromCodePoint(0xe0049, 0xe0067)}b`, 'ab'],
  ['joiners of emoji and Persian stay', '👩\u200D🎓 می\u200Cخواهم', '👩\u200D🎓 می\u200Cخواهم'],
  ['odd spaces', 'a\u00A0b\u202Fc', 'a b c'],
]

for (const [what, text, clean] of cases) test(what, () => assert.equal(cleanText(text), clean))

test('clean text is NFC, stays as it is when cleaned again, and holds nothing that no text may hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      const text = cleanText(a + b)
      assert.equal(cleanText(text), text)
      assert.equal(text.normalize('NFC'), text)
      assert.ok(text.isWellFormed())
      // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is checked
      assert.doesNotMatch(text, /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFB00-\uFB06]/)
    }),
    { numRuns: 2000 },
  )
})

test('a line has single spaces', () => assert.equal(cleanLine('  a \n\t b  '), 'a b'))

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { neutralise } from './neutralise.ts'
import { createPieceSplitter } from './pieces.ts'

/** A whole answer as its readers get it. */
const harmless = (text: string): string => {
  const splitter = createPieceSplitter('en')
  const pieces = [...splitter.push(text), ...splitter.end(false)]
  return pieces.map(({ before, text: said, block }) => before + neutralise(said, block)).join('')
}

const evil = 'https://evil.example/?canary=1'
const cases: [why: string, written: string, read: string][] = [
  ['a link', `See [the page](${evil} "title") now.`, 'See the page now.'],
  ['an image', `![A heart](${evil}) beats.`, 'A heart beats.'],
  ['a mark with a link behind it', `It beats [1](${evil}).`, 'It beats [1].'],
  [
    'a reference and its definition',
    `See [it][x].\n\n[x]: ${evil}`,
    'See [it] [x].\n\n[x] : https: //evil.example/?canary=1',
  ],
  [
    'a definition for a mark',
    `It beats [1].\n\n[1]: ${evil}`,
    'It beats [1].\n\n[1] : https: //evil.example/?canary=1',
  ],
  ['two marks', 'It beats [1][2].', 'It beats [1][2].'],
  [
    'addresses',
    `Go to ${evil}, www.evil.example or a@evil.example.`,
    'Go to https: //evil.example/?canary=1, www .evil.example or a @evil.example.',
  ],
  ['raw HTML', '<img src=x onerror=y> A <b>bold</b> one.', '&lt;img src=x onerror=y> A &lt;b>bold&lt;/b> one.'],
  ['a comparison', 'It holds when a < b and 3 <4.', 'It holds when a < b and 3 <4.'],
  ['a formula', 'So $a<b$ holds.', 'So $a< b$ holds.'],
  ['a formula in brackets', 'So \\(a+b\\) holds.', 'So $a+b$ holds.'],
  ['a displayed formula', '\\[ E = mc^2 \\]', '$$\nE = mc^2\n$$'],
  ['code', 'Write `<img src=x>` there.', 'Write `<img src=x>` there.'],
  ['code that is none', 'A ` alone <img src=x> and ` more.', 'A ` alone <img src=x> and ` more.'],
  ['a backtick that does not open', '\\`<img src=x>` there.', "'&lt;img src=x>' there."],
  ['a fence', '```html onload=x\n<img src=x>\n````', '```html\n<img src=x>\n```'],
  ['a fence that is none', '```x` <img src=x>', "''`x` &lt;img src=x>"],
  ['javascript', 'A [click](javascript:alert(1)) here.', 'A [click] (javascript:alert(1)) here.'],
]
for (const [why, written, read] of cases) {
  test(`harmless: ${why}`, () => assert.equal(harmless(written), read))
}

test('harmless: whatever is joined from hostile scraps, outside code nothing opens', () => {
  const scrap = fc.constantFrom(
    '[x]',
    '[1]',
    `(${evil})`,
    '![',
    '](',
    '[',
    ']',
    ':',
    '<img src=x>',
    '<',
    'img',
    '`',
    '``',
    '```',
    '\\`',
    '$',
    '$$',
    evil,
    'www.evil.example',
    'a@b.co',
    '://',
    '\n',
    '\n\n',
    '- ',
    '> ',
    '| a | b |\n|--|--|\n',
    '[^1]:',
    'A.',
    'b',
    '。',
  )
  fc.assert(
    fc.property(fc.array(scrap, { maxLength: 20 }), fc.constantFrom('', ' '), (scraps, glue) => {
      const outside = harmless(scraps.join(glue))
        .replace(/^(`{3,})[^`]*\n[\s\S]*?\n\1$/gm, '')
        .replace(/`[^`\n]+`/g, '')
      assert.doesNotMatch(outside, /\]\(|\]:|\]\[x|<img|:\/\/|www\.|a@b/)
    }),
    { numRuns: 3_000 },
  )
})

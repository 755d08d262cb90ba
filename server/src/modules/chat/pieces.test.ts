import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Language } from '#modules/language'
import { createPieceSplitter, type Piece } from './pieces.ts'

const cut = (chunks: readonly string[], language: Language | null = 'en', isCut = false): Piece[] => {
  const splitter = createPieceSplitter(language)
  return [...chunks.flatMap(splitter.push), ...splitter.end(isCut)]
}
const textsOf = (pieces: readonly Piece[]): string[] => pieces.map(({ text }) => text)
const joined = (pieces: readonly Piece[]): string => pieces.map(({ before, text }) => before + text).join('')

const cases: [why: string, language: Language | null, pieces: string[]][] = [
  ['marks before the full stop', 'en', ['It was built in 1847 [1].', 'It is 12 m deep [1, 2].']],
  ['marks behind it', 'en', ['It was built in 1847. [1]', 'It is deep.[2] 【3】', 'The end.']],
  ['German dates and short forms', 'de', ['Er kam am 7. Januar 1900 an [1].', 'Das gilt z. B. für Häfen.', 'Nun ja.']],
  ['ordinals before openers', 'de', ['Das war Ludwig XIV.', 'Danach kam er am 7. Dienstag.']],
  ['titles and decimals', 'en', ['Dr. Smith measured 3.5 m.', 'He used version 2.0.1 of it [1].', 'Why?']],
  ['bold sentences and quotes', 'en', ['**It was built in 1847.**', 'He said "no."', 'Then (at last.)', 'End!']],
  ['Arabic', 'ar', ['بُني الميناء عام 1847 [1].', 'هل هذا صحيح؟', 'نعم!']],
  ['Indonesian', 'id', ['Menurut Prof. Dr. Habibie itu benar [1].', 'Apa itu?']],
]
for (const [why, language, pieces] of cases) {
  test(`pieces: ${why}`, () => {
    const text = pieces.join(' ')
    assert.deepEqual(textsOf(cut([text], language)), pieces)
    assert.deepEqual(textsOf(cut([...text], language)), pieces, 'letter by letter')
  })
}

const markdown = `# Harbours

Emden was built in 1847 [1]. It is
12 m deep [1].

**Parts**
- The **mole** keeps the waves out [2]. It is long.
- The quay
  1. First step. Second sentence.
> A quotation goes here.

| Year | Depth |
|------|-------|
| 1847 | 8 m [1] |
| 1900 | 12 m [2] |

\`\`\`js
const a = 1. // no sentence. At all.

const b = 2
\`\`\`
So $a<b$ holds.

$$
E = mc^2. Not a sentence.
$$
---
The end`

test('pieces: blocks of Markdown are passed whole, list items by the sentence', () => {
  assert.deepEqual(
    cut([markdown]).map(({ before, text, block }) => [before, text, block]),
    [
      ['# ', 'Harbours', 'heading'],
      ['\n\n', 'Emden was built in 1847 [1].', 'text'],
      [' ', 'It is\n12 m deep [1].', 'text'],
      ['\n\n', '**Parts**', 'heading'],
      ['\n- ', 'The **mole** keeps the waves out [2].', 'text'],
      [' ', 'It is long.', 'text'],
      ['\n- ', 'The quay', 'text'],
      ['\n  1. ', 'First step.', 'text'],
      [' ', 'Second sentence.', 'text'],
      ['\n> ', 'A quotation goes here.', 'text'],
      ['\n\n', '| Year | Depth |\n|------|-------|', 'table_head'],
      ['\n', '| 1847 | 8 m [1] |', 'row'],
      ['\n', '| 1900 | 12 m [2] |', 'row'],
      ['\n\n', '```js\nconst a = 1. // no sentence. At all.\n\nconst b = 2\n```', 'code'],
      ['\n', 'So $a<b$ holds.', 'text'],
      ['\n\n', '$$\nE = mc^2. Not a sentence.\n$$', 'math'],
      ['\n', 'The end', 'text'],
    ],
  )
})

test('pieces: the same however the text comes in, and nothing of it is lost', () => {
  const word = fc.constantFrom(
    'Emden',
    'z.B.',
    '7.',
    'Die',
    'is',
    '[1]',
    '[1].',
    '**b**',
    '$x<y$',
    '1847.',
    'No.',
    '\n',
    '\n\n',
    '- ',
    '1. ',
    '# ',
    '```',
    '```\n',
    '|',
    '| a | b |\n',
    '|--|\n',
    '$$',
    '> ',
    '---\n',
    'why?',
    '🌙',
    '。',
    '"',
    '...',
  )
  const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '))
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (whole, sizes) => {
      const chunks: string[] = []
      for (let [at, n] = [0, 0]; at < whole.length; n += 1) {
        const size = sizes[n % sizes.length] ?? 1
        chunks.push(whole.slice(at, at + size))
        at += size
      }
      const pieces = cut(chunks, 'de')
      const letters = (of: string) => of.match(/\p{L}|\]|🌙/gu)
      assert.deepEqual(letters(joined(pieces)), letters(whole))
      assert.deepEqual(textsOf(pieces), textsOf(cut([whole], 'de')))
    }),
    { numRuns: 2_000 },
  )
})

test('pieces: one is given as soon as its end is known', () => {
  const splitter = createPieceSplitter('en')
  assert.deepEqual(splitter.push('It was built in 1847 [1]'), [])
  assert.equal(splitter.push('.').length, 1, 'a mark before the full stop: at once')
  assert.deepEqual(splitter.push(' It is deep.'), [])
  assert.equal(splitter.push(' T').length, 1, 'otherwise with the next letter')
  assert.deepEqual(splitter.push('he fee is 3.'), [])
  assert.deepEqual(splitter.push('5 m.'), [])
  assert.equal(splitter.push('\n\n').length, 1)
})

test('pieces: what was cut off in the middle of a sentence is left out', () => {
  assert.deepEqual(textsOf(cut(['It was built. It was not'], 'en', true)), ['It was built.'])
  assert.deepEqual(textsOf(cut(['Here:\n```js\nlet a'], 'en', true)), ['Here:'])
  assert.deepEqual(textsOf(cut(['Here:\n```js\nlet a'], 'en')), ['Here:', '```js\nlet a\n```'])
})

test('pieces: the work grows with the text and not with its square', () => {
  const cpuMs = (text: string): number => {
    const splitter = createPieceSplitter('en')
    const before = process.cpuUsage().user
    for (const letter of text) splitter.push(letter)
    splitter.end(false)
    return (process.cpuUsage().user - before) / 1_000
  }
  const text = 'The harbour of Emden was built in 1847 and is 3.5 m deep [1]. '
  cpuMs(text.repeat(50))
  const [small, large] = [cpuMs(text.repeat(100)), cpuMs(text.repeat(800))]
  assert.ok(large < 30 * Math.max(small, 5), `${small} ms, then ${large} ms for eight times as much`)
})

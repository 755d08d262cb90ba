import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Language, languages, splitSentences } from './index.ts'

const split = (text: string, language: Language | null): string[] =>
  splitSentences(text, language).map(({ start, end }) => text.slice(start, end))

const cases: [why: string, language: Language | null, sentences: string[]][] = [
  ['German ordinals', 'de', ['Er kam am 7. Januar an.', 'Das war im 19. Jahrhundert.', 'Dann ging er.']],
  ['a German king', 'de', ['Ludwig XIV. regierte lange.', 'Er starb 1715.', 'Danach kam Ludwig XV. an die Macht.']],
  ['German abbreviations', 'de', ['Das kostet 3.5 Mio. Euro, z. B. heute.', 'Viele kamen, u. a. Kinder.']],
  ['a year ends a German sentence', 'de', ['Sie endete 1989.', 'Heute ist alles anders.']],
  ['quoted questions', 'de', ['„Wer war das?“, fragte er.', 'Niemand antwortete.']],
  ['English titles and initials', 'en', ['Dr. J. R. Smith met Mrs. Jones et al. in St. Louis.', 'It rained.']],
  ['abbreviations at the end', 'en', ['He lives in the U.S.', 'The house is big.', 'She left at 5 p.m.', 'He stayed.']],
  ['decimals and versions', 'en', ['Pi is 3.14159.', 'Version 2.0.1 is out!', 'Is it good?']],
  ['numbers announced', 'en', ['See No. 5 and Fig. 3 on p. 7.', 'They said no.', 'Why?']],
  ['footnote marks and quotes', 'en', ['It fell.[3]', 'He said "no."', 'Then (at last.)', 'End']],
  ['an ellipsis goes on in lower case', 'en', ['He waited... and waited.', 'Then...', 'Nothing.']],
  ['Arabic marks', 'ar', ['هل هذا صحيح؟', 'نعم!', 'ولد عام 1990 م.', 'وتوفي د. أحمد في بيته۔', 'انتهى.']],
  ['Indonesian', 'id', ['Menurut Prof. Dr. Habibie, S.H. itu benar.', 'Ia lahir tgl. 5 Mei.', 'Apa itu?']],
]

for (const [why, language, sentences] of cases) {
  test(`sentences: ${why}`, () => assert.deepEqual(split(sentences.join(' '), language), sentences))
}

test('headings, list items, tables and paragraphs end a sentence at the line, wrapped lines do not', () => {
  const text =
    '# Cells\nEvery living thing is\nmade of cells. They divide.\n- the nucleus\n- the membrane\n1. Look\n2. Think\n\nSummary\nThe cell is the smallest unit of life and it divides.'
  assert.deepEqual(split(text, 'en'), [
    '# Cells',
    'Every living thing is\nmade of cells.',
    'They divide.',
    '- the nucleus',
    '- the membrane',
    '1. Look',
    '2. Think',
    'Summary',
    'The cell is the smallest unit of life and it divides.',
  ])
})

test('a wrapped date is not a list item', () => {
  assert.deepEqual(split('Er wurde in Berlin geboren, und zwar am\n7. Januar 1900 in der Nacht.', 'de').length, 1)
})

/** Processor time and not the clock's: the machine may be busy with other things. */
const cpuMs = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  return process.cpuUsage(before).user / 1_000
}

const anyLanguage = fc.constantFrom(...languages, null)
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom('a', 'B', '.', ' ', '\n', '1', '"', '[', ']', '؟', 'م', '-', '#'),
    maxLength: 300,
  }),
)

test('sentences stand in order, do not overlap, and lose nothing but white space', () => {
  fc.assert(
    fc.property(odd, anyLanguage, (text, language) => {
      let at = 0
      for (const { start, end } of splitSentences(text, language)) {
        assert.ok(start >= at && end > start)
        assert.equal(text.slice(at, start).trim(), '')
        assert.equal(text.slice(start, end), text.slice(start, end).trim())
        at = end
      }
      assert.equal(text.slice(at).trim(), '')
    }),
    { numRuns: 400 },
  )
})

test('hostile text is split in linear time', () => {
  const hostile = ['a', '\n', '. ', '.', 'a.\n', '"', '.[', '1. ', 'x\n', '- a\n', '.\n"', ' \n', '?)']
  for (const piece of hostile) {
    const text = piece.repeat(Math.floor(400_000 / piece.length))
    const spent = cpuMs(() => splitSentences(text, null))
    assert.ok(spent < 2_000, `${JSON.stringify(piece)} ${spent} ms`)
  }
})

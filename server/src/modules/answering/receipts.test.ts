import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { splitSentences } from '#modules/language'
import { type CheckKind, checkReceipt, type Verdict } from './index.ts'

const pageText =
  'It is false that the heart has two chambers. The human heart has four chambers and beats about 100,000 times a day. William Harvey described it in April 1628. He did not discover oxygen.'

const at = (quote: string): { quote: string; start: number; end: number; pageText: string } => {
  const start = pageText.indexOf(quote)
  return { quote, start, end: start + quote.length, pageText }
}
const heart = at('The human heart has four chambers and beats about 100,000 times a day.')
const harvey = at('William Harvey described it in April 1628.')
const oxygen = at('He did not discover oxygen.')

const cases: [why: string, receipt: Parameters<typeof checkReceipt>[0], verdict: Verdict, failed: CheckKind[]][] = [
  ['a quoted sentence', { ...heart, sentence: heart.quote }, 'supported', []],
  [
    'two sentences in one quote',
    { ...at(`${heart.quote} ${harvey.quote}`), sentence: `${heart.quote} ${harvey.quote}` },
    'supported',
    [],
  ],
  ['other punctuation and case', { ...harvey, sentence: 'william harvey described it in april 1628' }, 'supported', []],
  ['its first statement', { ...heart, sentence: 'The human heart has four chambers.' }, 'supported', []],
  ['less than a statement', { ...heart, sentence: 'The heart has four chambers.' }, 'weak', ['wording']],
  [
    'a quote cut out of its sentence',
    { ...at('the heart has two chambers.'), sentence: 'the heart has two chambers.' },
    'weak',
    ['wording'],
  ],
  ['another number', { ...heart, sentence: heart.quote.replace('100,000', '10,000') }, 'unsupported', ['number']],
  ['another month', { ...harvey, sentence: harvey.quote.replace('April', 'May') }, 'unsupported', ['date']],
  ['another name', { ...harvey, sentence: harvey.quote.replace('Harvey', 'Shakespeare') }, 'unsupported', ['name']],
  ['a dropped "not"', { ...oxygen, sentence: 'He did discover oxygen.' }, 'unsupported', ['negation']],
  ['an added "not"', { ...heart, sentence: heart.quote.replace('has', 'has not') }, 'unsupported', ['negation']],
  [
    'words in another order',
    { ...harvey, sentence: 'It described William Harvey in April 1628.' },
    'weak',
    ['wording'],
  ],
  ['something else', { ...harvey, sentence: 'The liver cleans the blood every hour.' }, 'unsupported', ['wording']],
  ['a shifted span', { ...heart, start: heart.start + 1, sentence: heart.quote }, 'unsupported', ['quote']],
  [
    'a quote that is not on the page',
    { ...heart, quote: 'Hearts are red.', sentence: 'Hearts are red.' },
    'unsupported',
    ['quote'],
  ],
  ['a span off the page', { ...heart, start: -3, sentence: heart.quote }, 'unsupported', ['quote']],
  ['an empty quote', { sentence: '', quote: '', pageText, start: 0, end: 0 }, 'unsupported', ['quote']],
]

const order: CheckKind[] = ['quote', 'number', 'name', 'date', 'negation', 'wording']

for (const [why, receipt, verdict, failed] of cases) {
  test(`${why}: ${verdict}`, () => {
    const found = checkReceipt(receipt)
    assert.equal(found.verdict, verdict)
    assert.deepEqual(
      found.checks.filter(({ ok }) => !ok).map(({ kind }) => kind),
      failed,
    )
    const kinds = found.checks.map(({ kind }) => kind)
    assert.deepEqual(
      kinds,
      order.filter((kind) => kinds.includes(kind)),
    )
  })
}

test('a failed check says what differs', () => {
  const { checks } = checkReceipt({ ...heart, sentence: heart.quote.replace('100,000', '10,000') })
  assert.deepEqual(
    checks.find(({ kind }) => kind === 'number'),
    { kind: 'number', ok: false, said: '10,000', page: '100,000' },
  )
})

test('thousands marks are the same number', () => {
  for (const written of ['100.000', '100 000', '100000', '١٠٠٠٠٠', '100 thousand']) {
    assert.equal(checkReceipt({ ...heart, sentence: heart.quote.replace('100,000', written) }).verdict, 'supported')
  }
})

const arabic = 'لا يحتوي القلب على خمس حجرات. يحتوي القلب على أربع حجرات.'

test('Arabic sentences are their own receipts, a dropped negation is seen', () => {
  for (const { start, end } of splitSentences(arabic, 'ar')) {
    const quote = arabic.slice(start, end)
    assert.equal(checkReceipt({ sentence: quote, quote, pageText: arabic, start, end }).verdict, 'supported')
  }
  const [first] = splitSentences(arabic, 'ar')
  assert.ok(first)
  const quote = arabic.slice(first.start, first.end)
  const changed = checkReceipt({ sentence: quote.replace('لا ', ''), quote, pageText: arabic, ...first })
  assert.equal(changed.verdict, 'unsupported')
})

test('never supported when the sentence has a word that the quote has not', () => {
  const some = fc.string({
    unit: fc.constantFrom('cell ', 'not ', '5 ', 'A ', '. ', '\n', 'ß', '😀', '"'),
    maxLength: 30,
  })
  const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  fc.assert(
    fc.property(some, some, fc.nat(40), fc.nat(40), (sentence, page, start, end) => {
      const quote = page.slice(start, end)
      const { verdict } = checkReceipt({ sentence, quote, pageText: page, start, end })
      if (verdict === 'supported') assert.ok(words(sentence).every((word) => words(quote).includes(word)))
    }),
  )
})

/** Processor time and not the clock's: the machine may be busy with other things. */
const cpuMs = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  return process.cpuUsage(before).user / 1_000
}

test('a page of megabytes is checked at once', () => {
  const long = `${'Cells divide. '.repeat(200_000)}The end is here. ${'Cells divide. '.repeat(200_000)}`
  const start = long.indexOf('The end')
  const quote = 'The end is here.'
  const spent = cpuMs(() => {
    const { verdict } = checkReceipt({ sentence: quote, quote, pageText: long, start, end: start + quote.length })
    assert.equal(verdict, 'supported')
  })
  assert.ok(spent < 500, `${spent} ms`)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countTokens, type Language } from '#modules/language'
import { planQuery, scoreSegments } from '#modules/retrieval'
import { answerExtractively, checkReceipt, type ExtractiveAnswer } from './index.ts'
import { askPages } from './testing.ts'

const said = (answer: ExtractiveAnswer): string => answer.sentences.map(({ text }) => text).join(' ')

const marie =
  'Marie Curie was born in Warsaw on 7 November 1867. She studied physics in Paris. In 1903 she shared the Nobel Prize in Physics. The prize money helped her to buy a new laboratory.'
const cell =
  'The cell is the basic unit of life. It was discovered by Robert Hooke in 1665. Plant cells have a wall of cellulose. Mitochondria release energy from sugar. This process is called respiration. An adult human has about 37 trillion cells.'

const answerable: [Language, string[], string, RegExp][] = [
  ['en', [marie, cell], 'When was Marie Curie born?', /7 November 1867/],
  ['en', [marie, cell], 'Where was Marie Curie born?', /Warsaw/],
  ['en', [marie, cell], 'Who discovered the cell?', /Robert Hooke/],
  ['en', [marie, cell], 'How many cells does an adult human have?', /37 trillion/],
  ['en', [marie, cell], 'Can you please tell me where Marie Curie was born?', /Warsaw/],
  ['en', [cell], 'What is the wall of plant cells made of?', /cellulose/],
  [
    'de',
    [
      'Die Photosynthese findet in den Chloroplasten statt. Sie braucht Licht und Wasser. Der Zellkern enthält die DNA.',
    ],
    'Wo findet die Photosynthese statt?',
    /Chloroplasten/,
  ],
  [
    'ar',
    ['تأسست الجامعة في عام 1925 في القاهرة. يدرس فيها آلاف الطلاب. تضم المكتبة مليون كتاب.'],
    'متى تأسست الجامعة؟',
    /1925/,
  ],
  [
    'id',
    ['Candi Borobudur dibangun pada abad ke-9. Candi itu terletak di Magelang. Pengunjungnya banyak.'],
    'Di mana letak Candi Borobudur?',
    /Magelang/,
  ],
]

for (const [language, pages, question, gold] of answerable) {
  test(`answers: ${question}`, () => {
    const answer = askPages(pages, question, language)
    assert.equal(answer.refused, false, String(answer.confidence))
    assert.match(said(answer), gold)
  })
}

const off: [Language, string[], string][] = [
  ['en', [marie, cell], 'How do I bake sourdough bread?'],
  ['en', [cell], 'Who won the football world cup in 2014?'],
  ['en', [marie], 'Hello there'],
  ['de', ['Die Photosynthese findet in den Chloroplasten statt.'], 'Wer gewann die Wahl im Jahr 1998?'],
  ['ar', ['تأسست الجامعة في عام 1925 في القاهرة.'], 'من اخترع الهاتف المحمول؟'],
  ['id', ['Candi Borobudur dibangun pada abad ke-9.'], 'Bagaimana cara memasak rendang daging sapi?'],
]

for (const [language, pages, question] of off) {
  test(`refuses: ${question}`, () => {
    const answer = askPages(pages, question, language)
    assert.equal(answer.refused, true, String(answer.confidence))
    assert.deepEqual(answer.sentences, [])
  })
}

test('a refusal still shows what is nearest', () => {
  const answer = askPages([cell], 'How do plant cells vote in elections for parliament?', 'en')
  assert.equal(answer.refused, true)
  assert.ok(answer.nearest.length > 0 && answer.nearest.length <= 3)
  for (const { start, end, text } of answer.nearest) assert.equal(cell.slice(start, end), text)
})

test('a sentence that leans on the one before brings it, in reading order', () => {
  const answer = askPages([cell], 'What is the process called respiration?', 'en')
  assert.deepEqual(
    answer.sentences.map(({ text }) => text),
    ['Mitochondria release energy from sugar.', 'This process is called respiration.'],
  )
})

test('at most two sentences and 60 words, more for a list', () => {
  const steps = `The steps of washing hands.\n${['wet the hands', 'take soap', 'rub the hands', 'rinse the hands', 'dry the hands'].map((it) => `- First you ${it} well.`).join('\n')}`
  const short = askPages([steps], 'How do you rub the hands with soap?', 'en')
  assert.ok(short.sentences.length <= 2 && countTokens(said(short)) <= 60)
  const list = askPages([steps], 'List the steps of washing hands', 'en')
  assert.ok(list.sentences.length > 2 && list.sentences.length <= 6, String(list.sentences.length))
})

test('the items below a sentence are the list, whatever their words', () => {
  const parts =
    'Cells are small.\n\nThe parts of a cell are these:\n- the nucleus\n- the membrane\n- the ribosomes\n\nCells divide.'
  const answer = askPages([parts], 'List the parts of a cell', 'en')
  assert.deepEqual(answer.sentences.map(({ text }) => text).slice(-4, -1).length, 3)
  assert.match(said(answer), /nucleus.*membrane.*ribosomes/)
})

test('a heading is not an answer, the definition below it is', () => {
  const page =
    'Photosynthesis\n\nPlants need photosynthesis for their growth in the garden.\n\nPhotosynthesis is the making of sugar from light.\n\nWhat is photosynthesis?'
  assert.equal(
    askPages([page], 'What is photosynthesis?', 'en').best?.text,
    'Photosynthesis is the making of sugar from light.',
  )
})

test('each sentence is a receipt of its own', () => {
  for (const [language, pages, question] of answerable) {
    for (const { passage, text, start, end } of askPages(pages, question, language).sentences) {
      const pageText = pages.find((page) => page.slice(start, end) === text)
      assert.ok(pageText !== undefined && passage >= 0)
      assert.equal(checkReceipt({ sentence: text, quote: text, pageText, start, end, language }).verdict, 'supported')
    }
  }
})

test('no passages, no words, no crash: a refusal', () => {
  const weights = { language: null, total: 0, words: [] }
  const empty = answerExtractively({ question: '', language: null, passages: [], weights })
  assert.deepEqual([empty.refused, empty.confidence, empty.sentences, empty.best], [true, 0, [], null])
  const odd = fc.string({ unit: 'binary', maxLength: 120 })
  fc.assert(
    fc.property(odd, odd, fc.double({ min: 0, max: 50, noNaN: true }), (question, text, score) => {
      const passage = { chunkId: 'c', documentId: 'd', page: 1, start: 7, text, headingPath: [], score }
      const { weights } = scoreSegments(planQuery(question), [], 1)
      const answer = answerExtractively({ question, language: null, passages: [passage], weights })
      for (const it of answer.sentences) assert.equal(text.slice(it.start - 7, it.end - 7), it.text)
      assert.ok(answer.confidence >= 0 && answer.confidence <= 1)
    }),
  )
})

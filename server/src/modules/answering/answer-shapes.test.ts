import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Language, languages } from '#modules/language'
import { answerExtractively } from './index.ts'
import { aimOf } from './question.ts'
import { askPages } from './testing.ts'

const said = (pages: string[], question: string, language: Language): string[] => {
  const answer = askPages(pages, question, language)
  assert.equal(answer.refused, false, `refused: ${answer.confidence} ${JSON.stringify(answer.signals)}`)
  return answer.sentences.map(({ text }) => text)
}

const lists: [Language, page: string, question: string, items: string[]][] = [
  [
    'en',
    'Plants need light.\n\nThe parts of a flower are these:\n- sepals\n- petals\n- stamens\n- carpels\n\nBees visit flowers.',
    'List the parts of a flower',
    ['- sepals', '- petals', '- stamens', '- carpels'],
  ],
  [
    'de',
    'Pflanzen brauchen Licht.\n\nDie Teile der Blüte sind:\n- Kelchblätter\n- Kronblätter\n- Staubblätter\n\nBienen besuchen Blüten.',
    'Nenne die Teile der Blüte',
    ['- Kelchblätter', '- Kronblätter', '- Staubblätter'],
  ],
  [
    'ar',
    'يحتاج النبات إلى الضوء.\n\nأجزاء الزهرة هي:\n- السبلات\n- البتلات\n- الأسدية\n\nتزور النحلات الأزهار.',
    'اذكر أجزاء الزهرة',
    ['- السبلات', '- البتلات', '- الأسدية'],
  ],
  [
    'id',
    'Tumbuhan perlu cahaya.\n\nBagian bunga adalah:\n- kelopak\n- mahkota\n- benang sari\n\nLebah mendatangi bunga.',
    'Sebutkan bagian bunga',
    ['- kelopak', '- mahkota', '- benang sari'],
  ],
]
for (const [language, page, question, items] of lists) {
  test(`lists: ${question}`, () => {
    const sentences = said([page], question, language)
    assert.deepEqual(
      sentences.filter((text) => items.includes(text)),
      items,
    )
    assert.ok(sentences.length > 2 && sentences.length <= 6)
  })
}

const definitions: [Language, page: string, question: string, first: string][] = [
  [
    'en',
    'In biology class osmosis is shown with potatoes. Farmers know osmosis from salted soil. Osmosis is the movement of water through a membrane.',
    'What is osmosis?',
    'Osmosis is the movement of water through a membrane.',
  ],
  [
    'de',
    'Im Unterricht zeigt man die Osmose mit Kartoffeln. Bauern kennen die Osmose von salzigen Böden. Osmose ist die Bewegung von Wasser durch eine Membran.',
    'Was ist Osmose?',
    'Osmose ist die Bewegung von Wasser durch eine Membran.',
  ],
  [
    'ar',
    'يعرض المعلم التناضح في الصف بالبطاطا. يعرف الفلاحون أثر التناضح في التربة المالحة. التناضح هو انتقال الماء عبر غشاء.',
    'ما هو التناضح؟',
    'التناضح هو انتقال الماء عبر غشاء.',
  ],
  [
    'id',
    'Di kelas guru memperlihatkan osmosis dengan kentang. Petani mengenal osmosis dari tanah asin. Osmosis adalah perpindahan air melalui membran.',
    'Apa itu osmosis?',
    'Osmosis adalah perpindahan air melalui membran.',
  ],
  [
    'en',
    'temporary variable: A variable used to keep a value between two steps.\n\nupdate: An assignment to a variable that is there.\n\nvariable: A name that refers to a value.',
    'What is a variable?',
    'variable: A name that refers to a value.',
  ],
  [
    'de',
    'Freie Variable: Eine Variable, die durch keine andere Variable gebunden ist. Variable: Ein Name, der für einen Wert steht.',
    'Was ist eine Variable?',
    'Variable: Ein Name, der für einen Wert steht.',
  ],
]
for (const [language, page, question, first] of definitions) {
  test(`defines first: ${question}`, () => assert.equal(said([page], question, language)[0], first))
}

const comparisons: [Language, page: string, question: string, sides: [RegExp, RegExp]][] = [
  [
    'en',
    'Mitosis makes two equal skin cells. Mitosis of skin cells takes an hour. Meiosis makes the pollen. Rain is wet.',
    'What is the difference between mitosis of skin cells and meiosis?',
    [/^Mitosis/, /^Meiosis/],
  ],
  [
    'en',
    'Plant cells have a wall. Plant cells make sugar. Plant cells store starch in plastids. Animal cells have no wall.',
    'What is the difference between plant cells and animal cells?',
    [/^Plant/, /^Animal/],
  ],
  [
    'de',
    'Die Mitose ergibt zwei gleiche Zellen. Die Mitose läuft in der Haut ab. Die Meiose ergibt vier verschiedene Zellen. Zellen sind klein.',
    'Vergleiche Mitose und Meiose',
    [/Mitose/, /Meiose/],
  ],
  [
    'ar',
    'ينتج الانقسام المتساوي خليتين متماثلتين. يحدث الانقسام المتساوي في الجلد. ينتج الانقسام المنصف أربع خلايا مختلفة. الخلايا صغيرة.',
    'قارن بين الانقسام المتساوي والانقسام المنصف',
    [/المتساوي/, /المنصف/],
  ],
  [
    'id',
    'Mitosis menghasilkan dua sel yang sama. Mitosis terjadi di kulit. Meiosis menghasilkan empat sel yang berbeda. Sel itu kecil.',
    'Apa perbedaan antara mitosis dan meiosis?',
    [/Mitosis/, /Meiosis/],
  ],
]
for (const [language, page, question, sides] of comparisons) {
  test(`compares: ${question}`, () => {
    const sentences = said([page], question, language)
    assert.equal(sentences.length, 2)
    for (const side of sides)
      assert.ok(
        sentences.some((text) => side.test(text)),
        sentences.join(' | '),
      )
  })
}

const outlines: [Language, page: string, question: string, headings: string[]][] = [
  [
    'en',
    '# The cell\n\nThe cell is the unit of life.\n\n## Membrane of the cell\n\nThe membrane of the cell lets water in.\n\n## Nucleus of the cell\n\nThe nucleus of the cell holds the genes.',
    'Outline the chapter on the cell',
    ['# The cell', '## Membrane of the cell', '## Nucleus of the cell'],
  ],
  [
    'de',
    '# Die Zelle\n\nDie Zelle ist die Einheit des Lebens.\n\n## Membran der Zelle\n\nDie Membran der Zelle lässt Wasser ein.',
    'Gliedere das Kapitel über die Zelle',
    ['# Die Zelle', '## Membran der Zelle'],
  ],
  [
    'ar',
    '# الخلية\n\nالخلية هي وحدة الحياة.\n\n## غشاء الخلية\n\nيسمح غشاء الخلية بدخول الماء.',
    'ضع مخططا عن الخلية',
    ['# الخلية', '## غشاء الخلية'],
  ],
  [
    'id',
    '# Sel\n\nSel adalah satuan kehidupan.\n\n## Membran sel\n\nMembran sel memasukkan air.',
    'Buat kerangka tentang sel',
    ['# Sel', '## Membran sel'],
  ],
]
for (const [language, page, question, headings] of outlines) {
  test(`outlines: ${question}`, () => assert.deepEqual(said([page], question, language), headings))
}

test('a second sentence that may hold the answer is said too, in the order of the page', () => {
  const page =
    'Miners found silver near the river. Cats sleep by day. Later gold was found at the river. Cats hunt by night.'
  const answer = askPages([page], 'What was found later at the river?', 'en')
  assert.deepEqual(
    answer.sentences.map(({ text }) => text),
    ['Miners found silver near the river.', 'Later gold was found at the river.'],
  )
  assert.equal(answer.best?.text, 'Later gold was found at the river.')
})

test('a sentence that is too long is said whole, alone', () => {
  const long = `The harbour of the town, ${'as old books of the town tell again and again, '.repeat(8)}was dug in 1820.`
  const whole = askPages([`${long} The town has a harbour.`], 'When was the harbour of the town dug?', 'en')
  assert.deepEqual(
    whole.sentences.map(({ text }) => text),
    [long],
  )
})

test('two sentences are not said where they come to more than 60 words', () => {
  const clause = 'as old books of the town tell again and again, '.repeat(3)
  const page = `The harbour of the town, ${clause}was dug by hand. The harbour of the town, ${clause}was dug by machines.`
  assert.equal(askPages([page], 'How was the harbour of the town dug?', 'en').sentences.length, 1)
})

test('a question of one word is answered by a long page that says it once', () => {
  const others = [
    'Roots hold the soil.',
    'Leaves turn to the light.',
    'Bees visit the flowers.',
    'Seeds sleep in winter.',
  ]
  const page = `${others.join(' ').repeat(6)} By osmosis water moves into the roots. ${others.join(' ').repeat(6)}`
  assert.ok(askPages([page], 'What is osmosis?', 'en').confidence > 0.9)
  assert.equal(said([page], 'What is osmosis?', 'en')[0], 'By osmosis water moves into the roots.')
})

test('what two documents say in the same words is said once', () => {
  const fact = 'The Danube flows through ten countries.'
  const sentences = said(
    [`${fact} It is long.`, `${fact} Ships use it.`],
    'How many countries does the Danube flow through?',
    'en',
  )
  assert.equal(sentences.filter((text) => text === fact).length, 1)
})

const words =
  'cell,wall,water,Paris,1990,is,the,He,- ,:,.,?,\n,# ,list,compare,and,what,Zelle,und,خلية,و,هي,sel,dan'.split(',')
const prose = fc.array(fc.constantFrom(...words), { maxLength: 90 }).map((parts) => parts.join(' '))

test('every sentence is a run of its page; at most two and 60 words unless more are asked for; no figure is odd', () => {
  fc.assert(
    fc.property(prose, prose, fc.constantFrom(...languages, null), (question, page, language) => {
      const answer = askPages([page], question, language)
      for (const { start, end, text } of [...answer.sentences, ...answer.nearest])
        assert.equal(page.slice(start, end), text)
      assert.ok(Number.isFinite(answer.confidence) && answer.confidence >= 0 && answer.confidence <= 1)
      assert.ok(Object.values(answer.signals).every(Number.isFinite))
      assert.equal(new Set(answer.sentences.map(({ start }) => start)).size, answer.sentences.length)
      const spoken = answer.sentences.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0)
      const mayBeLong = ['list', 'outline'].includes(aimOf(question))
      const [sentences, limit] = mayBeLong ? [12, 180] : [2, 60]
      assert.ok(answer.sentences.length <= sentences)
      assert.ok(spoken <= limit || answer.sentences.length === 1)
    }),
    { numRuns: 300 },
  )
})

test('a heading of the page is no sentence of an answer', () => {
  const text = 'The lighthouse of Emden\n\nThe lighthouse was lit in 1891. Ships wait for the tide.'
  const passage = { chunkId: 'c', documentId: 'd', page: 1, start: 0, text, headingPath: ['The lighthouse of Emden'] }
  const question = 'Who bought the lighthouse of Emden?'
  const words = ['bought', 'lighthouse', 'emden'].map((word) => ({ word, weight: 2 }))
  const answer = (headingPath: string[]): string[] =>
    answerExtractively({
      question,
      language: 'en',
      passages: [{ ...passage, headingPath, score: 6 }],
      weights: { language: 'en', total: 6, words },
      leastConfidence: 0,
    }).sentences.map((sentence) => sentence.text)
  assert.ok(!answer(passage.headingPath).includes('The lighthouse of Emden'))
  assert.ok(answer([]).includes('The lighthouse of Emden'))
})

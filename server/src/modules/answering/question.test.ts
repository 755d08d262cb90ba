import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Language } from '#modules/language'
import { type Aim, type Asked, aimOf, askedFor, readQuestion } from './question.ts'

const asked: [Asked, string[]][] = [
  [
    'when',
    [
      'When did it start?',
      'In what year was he born?',
      'Wann begann es?',
      'In welchem Jahr war das?',
      'متى بدأت الحرب؟',
      'في أي عام ولد؟',
      'Kapan perang itu dimulai?',
      'Pada tahun berapa ia lahir?',
    ],
  ],
  [
    'how_many',
    [
      'How many cells are there?',
      'How long is the Nile?',
      'Wie viele Zellen gibt es?',
      'Wieviel kostet das?',
      'كم عدد الخلايا؟',
      'Berapa jumlah sel?',
    ],
  ],
  ['who', ['Who wrote it?', 'Wer schrieb das?', 'Wem gehört es?', 'من كتب الرواية؟', 'Siapakah penulisnya?']],
  [
    'where',
    [
      'Where is Cairo?',
      'Wo liegt Kairo?',
      'Woher kommt er?',
      'أين تقع القاهرة؟',
      'Di mana letak Kairo?',
      'Dimanakah Kairo?',
    ],
  ],
  [
    'why',
    [
      'Why is the sky blue?',
      'Warum ist der Himmel blau?',
      'Aus welchem Grund kam er?',
      'لماذا السماء زرقاء؟',
      'Mengapa langit biru?',
    ],
  ],
  ['how_many', ['How old was he when he moved?', 'Wie alt war er, wo alles begann?', 'من كم محافظة تتكون الدولة؟']],
  ['who', ['Who ruled when it was founded?', 'What is the name of the player who fell?']],
  ['other', ['Which sea lay to the east when he died?', 'Was geschah, wann immer es regnete?']],
  ['other', ['What is a cell?', 'Was ist eine Zelle?', 'ما هي الخلية؟', 'Apa itu sel?', '', 'Explain mitosis']],
]

for (const [kind, questions] of asked) {
  for (const question of questions) test(`"${question}" asks for ${kind}`, () => assert.equal(askedFor(question), kind))
}

test('lists and outlines are told from single answers in four languages', () => {
  const lists = [
    'List the parts of a cell',
    'What are the main steps?',
    'Nenne drei Organe',
    'Zähle die Schritte auf',
    'اذكر أجزاء الخلية',
    'Sebutkan bagian sel',
  ]
  const single = [
    'What is a cell?',
    'Wer war das?',
    'ما هي عاصمة مصر؟',
    'Apa ibu kota Mesir?',
    'What are the odds?',
    'How do you render a list?',
    'Which step comes first?',
    'Nennen Sie ein Organ.',
    'اذكر اسم العاصمة',
  ]
  for (const question of lists) assert.equal(aimOf(question), 'list', question)
  for (const question of single) assert.notEqual(aimOf(question), 'list', question)
})

const aims: [Aim, string[]][] = [
  [
    'comparison',
    [
      'Compare plants and animals',
      'What is the difference between DNA and RNA?',
      'Worin liegt der Unterschied zwischen DNA und RNA?',
      'Vergleiche Mitose mit Meiose',
      'قارن بين النبات والحيوان',
      'ما الفرق بين النبات والحيوان؟',
      'Bandingkan tumbuhan dan hewan',
      'Apa perbedaan antara DNA dan RNA?',
    ],
  ],
  [
    'outline',
    [
      'Outline the chapter',
      'Give me an overview of cells',
      'Gliedere das Kapitel',
      'Erstelle eine Gliederung zur Zelle',
      'ضع مخططا للفصل',
      'Buatlah kerangka tentang sel',
    ],
  ],
  ['fact', ['Who compared plants and animals?', 'What did the outline of the plan say about it?']],
]
for (const [aim, questions] of aims) {
  for (const question of questions) test(`"${question}" wants ${aim}`, () => assert.equal(aimOf(question), aim))
}

const sides: [question: string, language: Language, words: string[], sides: [string[], string[]] | null][] = [
  ['Compare plant cells and animal cells', 'en', ['plant', 'animal', 'cells'], [['plant'], ['animal']]],
  [
    'Was unterscheidet A? Unterschiede zwischen Mitose und Meiose',
    'de',
    ['mitose', 'meiose'],
    [['mitose'], ['meiose']],
  ],
  ['قارن بين النبات والحيوان', 'ar', ['النبات', 'والحيوان'], [['النبات'], ['والحيوان']]],
  ['Bandingkan tumbuhan dengan hewan', 'id', ['tumbuhan', 'hewan'], [['tumbuhan'], ['hewan']]],
  ['Compare the cells', 'en', ['cells'], null],
]
for (const [question, language, words, wanted] of sides) {
  test(`the sides of "${question}"`, () => {
    const found = readQuestion(question, language, words).sides
    assert.deepEqual(found?.map((side) => side.map((at) => words[at])) ?? null, wanted)
  })
}

test('the noun behind the question word, numbers and names are told', () => {
  const words = ['river', 'crosses', 'vienna', '1990']
  const { focus, names, numbers } = readQuestion('Which river crosses Vienna since 1990?', 'en', words)
  assert.deepEqual([focus, [...names], [...numbers]], [0, [2], [3]])
})

test('questions for a definition are told from others', () => {
  const definitions = [
    'What is photosynthesis?',
    'What are ribosomes?',
    'Was ist Photosynthese?',
    'ما هي الخلية؟',
    'Apa itu sel?',
    'Define osmosis',
  ]
  for (const question of definitions) assert.equal(aimOf(question), 'definition', question)
  assert.equal(aimOf('What is the name of the man who won the game in 1990?'), 'fact')
})

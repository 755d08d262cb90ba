import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimsNothing, knownWords } from './claimless.ts'
import { searchQuery } from './lean.ts'
import type { Piece } from './pieces.ts'
import { isSmallTalk } from './talk-words.ts'

const known = {
  words: knownWords([
    'How was the harbour of Emden built?',
    'The harbour of Emden was built in 1847. It is 12 m deep.',
  ]),
  isSmallTalk: false,
}
const kindOf = (plain: string, block: Piece['block'] = 'text', isTalk = false) =>
  claimsNothing(plain, block, { ...known, isSmallTalk: isTalk })

const nothing: [plain: string, kind: 'lead_in' | 'talk', block?: Piece['block']][] = [
  ['What do you think happens to the ships when the tide falls?', 'talk'],
  ['Was glaubst du, warum der Damm dort steht?', 'talk'],
  ['لماذا بني الميناء هناك؟', 'talk'],
  ['Good question!', 'talk'],
  ['Let us look at it step by step.', 'talk'],
  ['Here is an overview:', 'lead_in'],
  ['Die wichtigsten Punkte sind:', 'lead_in'],
  ['The harbour of Emden', 'lead_in', 'heading'],
  ['Year Depth', 'lead_in', 'table_head'],
  ['x = 12 - 2a', 'talk', 'math'],
]
for (const [plain, kind, block] of nothing) {
  test(`claims nothing: ${plain}`, () => assert.equal(kindOf(plain, block), kind))
}

const claims: [plain: string, block?: Piece['block']][] = [
  ['It is good for the heart.'],
  ['The moon is made of cheese.'],
  ['Did you know that the moon is made of cheese?'],
  ['The moon is made of cheese, isn’t it?'],
  ['Was the harbour built in 1947?'],
  ['Wusstest du, dass der Mond aus Käse besteht?'],
  ['Emden was built by giants from the moon:'],
  ['Why the moon orbits slowly around cheese planets', 'heading'],
  ['The harbour of 1947', 'heading'],
  ['1847 8 m', 'row'],
  ['const built = 1', 'code'],
  ['\\text{giants built it}', 'math'],
  ['I am made of cheese.'],
]
for (const [plain, block] of claims) {
  test(`claims something: ${plain}`, () => assert.equal(kindOf(plain, block), null))
}

test('only in small talk may a tutor speak of itself', () => {
  assert.equal(kindOf('I am Lyceum, your tutor for these documents.', 'text', true), 'talk')
  assert.equal(kindOf('I am Lyceum, your tutor for these documents.'), null)
  assert.equal(kindOf('The moon is made of cheese.', 'text', true), null)
  assert.equal(kindOf('I was built in 1990.', 'text', true), null)
})

test('small talk is told from questions, in four languages', () => {
  const talk = [
    'Hello!',
    'Hi, how are you today?',
    'Thanks a lot',
    'Who are you?',
    'What can you do?',
    'Hallo',
    'Guten Tag!',
    'Vielen Dank!',
    'Wer bist du?',
    'مرحبا',
    'شكرا جزيلا',
    'من أنت؟',
    'Halo, selamat pagi',
    'Terima kasih banyak',
    'Siapa kamu?',
  ]
  const questions = [
    'What is osmosis?',
    'Why?',
    'And why is that?',
    'Hello, what is osmosis?',
    'Was ist ein Hafen?',
    'Warum?',
    'ما هو التناضح؟',
    'Apa itu osmosis?',
    'How do you calculate the slope?',
    'When was the harbour of Emden built?',
    '1847',
  ]
  assert.deepEqual(
    talk.filter((message) => !isSmallTalk(message)),
    [],
  )
  assert.deepEqual(questions.filter(isSmallTalk), [])
})

test('a question that leans on the one before is searched for with it', () => {
  const before = 'When was the harbour of Emden built?'
  for (const message of [
    'Why?',
    'And why?',
    'How deep is it?',
    'Und wie tief ist er?',
    'Warum?',
    'لماذا؟',
    'Kenapa?',
  ]) {
    assert.equal(searchQuery(message, before), `${before}\n${message}`, message)
  }
  const alone = [
    'What is osmosis?',
    'Wann wurde das Schloss gebaut?',
    'Können Sie die Osmose erklären?',
    'ما هو التناضح؟',
    'Apa itu osmosis?',
  ]
  for (const message of alone) assert.equal(searchQuery(message, before), message)
  assert.equal(searchQuery('Why?', null), 'Why?')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asLanguage, createStemmer, fold, guessLanguage, type Language, languages, stopWords } from './index.ts'

/** Processor time and not the clock's: the machine may be busy with other things. */
const cpuMs = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  return process.cpuUsage(before).user / 1_000
}

const together: [Language, string[]][] = [
  ['en', ['connection', 'connected', 'connecting']],
  ['de', ['Häuser', 'Haus', 'Hauses']],
  ['ar', ['المدرسة', 'والمدرسة', 'مدرسة', 'مدرسات']],
  ['id', ['pembelajarannya', 'pembelajaran', 'pembelajarankah']],
]

for (const [language, forms] of together) {
  test(`forms of one word share a stem: ${language}`, () => {
    const stem = createStemmer(language)
    assert.equal(new Set(forms.map((form) => stem(fold(form)))).size, 1, forms.map((it) => stem(fold(it))).join())
  })
}

test('short words keep their letters', () => {
  assert.equal(createStemmer('ar')('ولد'), 'ولد')
  assert.equal(createStemmer('id')('dia'), 'dia')
  assert.equal(createStemmer(null)('running'), 'running')
})

test('every word has a stem that is not empty, and hostile words are quick', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...languages),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }),
      (language, word) => {
        assert.notEqual(createStemmer(language)(word), '')
      },
    ),
  )
  assert.ok(cpuMs(() => createStemmer('de')('uau'.repeat(1_000_000))) < 500)
})

const questions: [Language | null, string][] = [
  ['en', 'What is the capital of France?'],
  ['en', 'Name the three parts of a cell'],
  ['de', 'Wie heißt die Hauptstadt von Frankreich?'],
  ['de', 'Nenne drei Teile einer Zelle'],
  ['ar', 'ما هي عاصمة فرنسا؟'],
  ['ar', 'ما هو DNA'],
  ['id', 'Apa ibu kota negara Prancis?'],
  ['id', 'Sebutkan tiga bagian sel'],
  [null, 'Mitochondria'],
  [null, '42 + 17'],
  [null, ''],
]

for (const [language, question] of questions) {
  test(`the language of "${question}" is ${language}`, () => assert.equal(guessLanguage(question), language))
}

test('tags are read by their first part', () => {
  assert.equal(asLanguage('de-AT'), 'de')
  assert.equal(asLanguage('EN_us'), 'en')
  assert.equal(asLanguage('fr'), null)
  assert.equal(asLanguage(null), null)
})

test('stop lists are folded and small', () => {
  for (const language of languages) {
    const words = stopWords(language)
    assert.ok(words.size >= 30 && words.size <= 90, `${language} ${words.size}`)
    for (const word of words) assert.equal(fold(word), word)
  }
  assert.equal(stopWords(null).size, 0)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Language } from '#modules/language'
import { decodeChunkTable } from './postings.ts'
import { planQuery } from './query.ts'
import { rerank } from './rerank.ts'
import type { PassageToRank } from './rerank-features.ts'
import { type QueryWeights, scoreSegments } from './score.ts'
import { buildSegments } from './segment.ts'

/** What the words of a question weigh among these texts. */
const weigh = (query: string, language: Language, texts: string[]): QueryWeights => {
  const chunks = texts.map((text, ord) => ({ ord, text, headingPath: [], language }))
  const views = buildSegments(chunks).map((segment) => ({
    ...segment,
    table: decodeChunkTable(segment.chunkTable),
    row: (bucket: number) => segment.rows.get(bucket),
  }))
  return scoreSegments(planQuery(query, language), views, texts.length).weights
}

const passage = (text: string, rest: Partial<PassageToRank> = {}): PassageToRank => ({
  text,
  headingPath: [],
  score: 5,
  ...rest,
})

/** The texts in the order of the re-ranker. */
const ranked = (query: string, language: Language, passages: PassageToRank[]): string[] => {
  const texts = passages.map(({ text }) => text)
  const { order } = rerank({ query, language, weights: weigh(query, language, texts), passages })
  return order.map((at) => texts[at] ?? '')
}

/** The right passage comes first in whatever order they are given, when the index found all as good. */
const prefers = (query: string, language: Language, right: string, wrong: string): void => {
  for (const texts of [
    [right, wrong],
    [wrong, right],
  ]) {
    assert.equal(
      ranked(
        query,
        language,
        texts.map((text) => passage(text)),
      )[0],
      right,
      query,
    )
  }
}

test('a passage that has the words together is better than one that has them apart', () => {
  prefers(
    'Which acid does the stomach produce?',
    'en',
    'Food arrives slowly and is mixed for hours. There the stomach begins to produce a strong acid.',
    'The stomach rests at night. Farmers sell what they produce in town. Rain may hold a trace of acid.',
  )
  prefers(
    'Welche Säure bildet der Magen?',
    'de',
    'Die Nahrung kommt langsam an und wird lange gemischt. Dort bildet der Magen eine starke Säure.',
    'Der Magen ruht in der Nacht. Der Nebel bildet sich oft im Herbst. Im Regen ist eine Spur von Säure.',
  )
  prefers(
    'ما الحمض الذي تفرزه المعدة؟',
    'ar',
    'يصل الطعام ببطء ويختلط لساعات طويلة. هناك تفرزه المعدة وهو الحمض القوي.',
    'المعدة ترتاح ليلا مع بقية الجسم كله. هذا العرق تفرزه الغدد في الصيف. في المطر أثر من الحمض.',
  )
  prefers(
    'Asam apa yang dihasilkan lambung?',
    'id',
    'Makanan datang perlahan dan diaduk berjam-jam. Di sana asam kuat dihasilkan lambung.',
    'Orang minum asam jawa pada siang hari. Beras dihasilkan petani desa sebelum musim hujan. Malam hari lambung kosong.',
  )
})

test('a passage on the thing itself begins with it', () => {
  prefers(
    'What is osmosis?',
    'en',
    'Osmosis moves water through a wall.',
    'Water can move through the wall of a cell and of a root by day and by night, and this is osmosis.',
  )
  prefers(
    'Was ist Osmose?',
    'de',
    'Osmose bewegt Wasser durch eine Wand.',
    'Wasser kann sich durch die Wand einer Zelle und einer Wurzel bewegen, bei Tag und bei Nacht, und das ist Osmose.',
  )
  prefers(
    'ما هو التناضح؟',
    'ar',
    'التناضح ينقل الماء عبر جدار.',
    'يمكن للماء أن ينتقل عبر جدار الخلية وجدار الجذر في النهار وفي الليل على السواء وهذا هو التناضح.',
  )
  prefers(
    'Apa itu osmosis?',
    'id',
    'Osmosis memindahkan air melalui dinding.',
    'Air dapat bergerak melalui dinding sel dan dinding akar pada siang hari dan pada malam hari, dan inilah osmosis.',
  )
})

test('the rare word, the name and the number of a question must not be missing', () => {
  prefers('When did Nixon visit Beijing?', 'en', 'The visit of Nixon was long.', 'The visit of Carter was long.')
  prefers('Was geschah 1848 in Wien?', 'de', 'In Wien geschah 1848 viel.', 'In Wien geschah 1849 viel.')
  prefers('ماذا حدث في القاهرة عام ١٩١٩؟', 'ar', 'عام 1919 كان صعبا في القاهرة.', 'عام 1920 كان صعبا في القاهرة.')
  prefers('Kapan Hatta lahir?', 'id', 'Di kota itu Hatta lahir.', 'Di kota itu Sutan lahir.')
})

test('headings decide between passages that are as good', () => {
  const text = 'It was founded in 1636 and is the oldest.'
  const query = 'When was Harvard founded?'
  const [other, headed] = [passage(text, { headingPath: ['Yale'] }), passage(text, { headingPath: ['Harvard'] })]
  const order = (passages: PassageToRank[]): number[] =>
    rerank({ query, language: 'en', weights: weigh(query, 'en', [text, 'Harvard']), passages }).order
  assert.deepEqual(order([other, headed]), [1, 0])
})

test('passages that nothing tells apart keep the order of the index', () => {
  assert.deepEqual(ranked('Which cell divides?', 'en', []), [])
  const same = [passage('A cell.'), passage('A cell.'), passage('A cell.')]
  const weights = weigh('Which cell divides?', 'en', ['A cell.'])
  assert.deepEqual(rerank({ query: 'Which cell divides?', language: 'en', weights, passages: same }).order, [0, 1, 2])
})

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('', ' ', '...', 'cell', 'the cell wall 12', 'خلية', 'Zelle'),
)
const anyPassage = fc.record({
  text: anyText,
  headingPath: fc.array(anyText, { maxLength: 2 }),
  score: fc.double({ min: 0, max: 40, noNaN: true }),
})

test('whatever the texts are, every passage is ranked once and has a finite score', () => {
  fc.assert(
    fc.property(anyText, fc.array(anyPassage, { maxLength: 12 }), (query, passages) => {
      const weights = weigh(
        query,
        'en',
        passages.map(({ text }) => text),
      )
      const { order, scores } = rerank({ query, language: 'en', weights, passages })
      assert.deepEqual(
        order.toSorted((a, b) => a - b),
        [...passages.keys()],
      )
      assert.equal(scores.length, passages.length)
      assert.ok(scores.every(Number.isFinite))
    }),
  )
})

test('a passage that the index scores higher never falls', () => {
  const gain = fc.double({ min: 0.01, max: 20, noNaN: true })
  const some = fc.array(anyPassage, { minLength: 2, maxLength: 8 })
  fc.assert(
    fc.property(some, fc.nat(7), gain, (passages, pick, more) => {
      const at = pick % passages.length
      const query = 'the cell wall 12'
      const weights = weigh(
        query,
        'en',
        passages.map(({ text }) => text),
      )
      const raised = passages.map((it, index) => (index === at ? { ...it, score: it.score + more } : it))
      const placeIn = (all: PassageToRank[]): number =>
        rerank({ query, language: 'en', weights, passages: all }).order.indexOf(at)
      assert.ok(placeIn(raised) <= placeIn(passages))
    }),
  )
})

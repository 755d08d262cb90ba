import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createStemmer, fourGrams, stopWords, tokenize } from '#modules/language'
import { decodeChunkTable } from './postings.ts'
import { planQuery } from './query.ts'
import { type SegmentView, scoreSegments } from './score.ts'
import { buildSegments, type IndexedChunk } from './segment.ts'
import { inverseFrequency } from './statistics.ts'

const view = (segment: ReturnType<typeof buildSegments>[number]): SegmentView => ({
  language: segment.language,
  bits: segment.bits,
  table: decodeChunkTable(segment.chunkTable),
  row: (bucket) => segment.rows.get(bucket),
})
const chunk = (ord: number, text: string, headingPath: string[] = []): IndexedChunk => ({
  ord,
  text,
  headingPath,
  language: 'en',
})

/** Recipe R word for word, over strings and without any index. */
const naive = (chunks: IndexedChunk[], query: string): Map<number, number> => {
  const stem = createStemmer('en')
  const stops = stopWords('en')
  const content = (text: string): string[] =>
    tokenize(text)
      .map(({ word }) => word)
      .filter((word) => !stops.has(word))
  const pairs = (stems: string[]): string[] => stems.slice(1).map((right, at) => `${stems[at]} ${right}`)
  const full = (it: IndexedChunk): string => [...it.headingPath, it.text].join('\n')
  const asked = content(query).length > 0 ? content(query) : tokenize(query).map(({ word }) => word)
  const kinds = [
    {
      weight: 1,
      b: 0.8,
      docs: chunks.map((it) => tokenize(full(it)).map(({ word }) => stem(word))),
      query: asked.map(stem),
    },
    {
      weight: 0.2,
      b: 0.8,
      docs: chunks.map((it) => tokenize(full(it)).flatMap(({ word }) => fourGrams(word))),
      query: asked.flatMap(fourGrams),
    },
    {
      weight: 0.2,
      b: 0.75,
      docs: chunks.map((it) => pairs(content(full(it)).map(stem))),
      query: pairs(asked.map(stem)),
    },
  ]
  const scores = new Map<number, number>()
  for (const { weight, b, docs, query: terms } of kinds) {
    const mean = Math.max(1, docs.reduce((sum, doc) => sum + doc.length, 0) / docs.length)
    for (const term of new Set(terms)) {
      const containing = docs.filter((doc) => doc.includes(term)).length
      const n = Math.max(100, chunks.length)
      const idf = Math.log(1 + (n - containing + 0.5) / (containing + 0.5))
      docs.forEach((doc, at) => {
        const tf = doc.filter((it) => it === term).length
        if (tf === 0) return
        const part = (idf * tf) / (tf + 1.2 * (1 - b + (b * doc.length) / mean))
        scores.set(at, (scores.get(at) ?? 0) + weight * part)
      })
    }
  }
  return scores
}

const word = fc.constantFrom(
  'cell',
  'cells',
  'wall',
  'divide',
  'divides',
  'the',
  'of',
  'energy',
  'plants',
  'plant',
  '2016',
  'straße',
)
const sentence = fc.array(word, { minLength: 1, maxLength: 12 }).map((all) => all.join(' '))

test('the index scores as BM25 written down naively does', () => {
  const chunks = fc.array(fc.tuple(sentence, fc.array(word, { maxLength: 2 })), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(chunks, sentence, (all, query) => {
      const made = all.map(([text, path], ord) => chunk(ord, text, path))
      const { hits } = scoreSegments(planQuery(query, 'en'), buildSegments(made).map(view), 100)
      const expected = naive(made, query)
      assert.equal(hits.length, [...expected.values()].filter((score) => score > 0).length)
      for (const { ord, score } of hits) assert.ok(Math.abs(score - (expected.get(ord) ?? 0)) < 1e-9)
    }),
  )
})

test('how documents are spread over segments does not change a score', () => {
  fc.assert(
    fc.property(fc.array(sentence, { minLength: 2, maxLength: 12 }), sentence, fc.nat(11), (texts, query, at) => {
      const chunks = texts.map((text, ord) => chunk(ord, text))
      const cut = 1 + (at % (chunks.length - 1))
      const plan = planQuery(query, 'en')
      const whole = scoreSegments(plan, buildSegments(chunks).map(view), 100)
      const parts = [chunks.slice(0, cut), chunks.slice(cut)].flatMap(buildSegments).map(view)
      const spread = scoreSegments(plan, parts, 100)
      assert.deepEqual(
        spread.hits.map(({ ord, score }) => [ord, score.toFixed(9)]).toSorted(),
        whole.hits.map(({ ord, score }) => [ord, score.toFixed(9)]).toSorted(),
      )
      assert.ok(Math.abs(spread.weights.total - whole.weights.total) < 1e-9)
    }),
  )
})

test('a question in one language finds material in two, each stemmed as it is', () => {
  const chunks: IndexedChunk[] = [
    { ord: 0, text: 'Häuser stehen in Berlin.', headingPath: [], language: 'de' },
    { ord: 1, text: 'Houses stand in London.', headingPath: [], language: 'en' },
    { ord: 2, text: 'Nothing to see.', headingPath: [], language: 'en' },
  ]
  const views = buildSegments(chunks).map(view)
  assert.equal(views.length, 2)
  const { hits } = scoreSegments(planQuery('house in Berlin or in London', 'en'), views, 10)
  assert.deepEqual(hits.map(({ ord }) => ord).toSorted(), [0, 1])
})

test('a heading finds the text below it', () => {
  const views = buildSegments([chunk(0, 'It is green.', ['Photosynthesis']), chunk(1, 'It is red.')]).map(view)
  assert.deepEqual(
    scoreSegments(planQuery('photosynthesis', 'en'), views, 5).hits.map(({ ord }) => ord),
    [0],
  )
})

test('a question of stop words alone is searched as it stands, an empty one finds nothing', () => {
  const views = buildSegments([chunk(0, 'To be or not to be'), chunk(1, 'Something else')]).map(view)
  assert.equal(scoreSegments(planQuery('to be or to be', 'en'), views, 5).hits[0]?.ord, 0)
  assert.deepEqual(scoreSegments(planQuery(' ?! ', 'en'), views, 5).hits, [])
  assert.deepEqual(scoreSegments(planQuery('cell', 'en'), [], 5).hits, [])
})

test('W is the weight of the words, rare and missing ones above common ones', () => {
  const views = buildSegments(
    Array.from({ length: 200 }, (_, ord) => chunk(ord, ord === 0 ? 'rare common' : 'common')),
  ).map(view)
  const { weights } = scoreSegments(planQuery('common rare missing', 'en'), views, 1)
  const [common, rare, missing] = weights.words.map(({ weight }) => weight)
  assert.ok(common !== undefined && rare !== undefined && missing !== undefined)
  assert.ok(common < rare && rare < missing)
  assert.equal(weights.total, common + rare + missing)
  assert.equal(missing, inverseFrequency(200, 0))
})

test('a question of a megabyte is searched by its beginning', () => {
  const before = process.cpuUsage()
  const plan = planQuery(Array.from({ length: 150_000 }, (_, at) => `word${at}`).join(' '), 'en')
  assert.ok(plan.words.length <= 64 && plan.slotCount < 1_000)
  assert.ok(process.cpuUsage(before).user < 1_500_000)
})

test('over 8,192 chunks become several segments that are one index', () => {
  const chunks = Array.from({ length: 8_200 }, (_, ord) => chunk(ord, `number ${ord}`))
  const views = buildSegments(chunks).map(view)
  assert.deepEqual(
    views.map(({ table }) => table.ords.length),
    [8_192, 8],
  )
  assert.equal(scoreSegments(planQuery('8195', 'en'), views, 1).hits[0]?.ord, 8_195)
})

test('a word is as rare as the chunks in its own language say, and a chunk as long as theirs', () => {
  const german = Array.from({ length: 150 }, (_, ord) => ({
    ...chunk(ord, ord === 0 ? 'Die Zelle teilt sich' : 'Die Zelle ruht'),
    language: 'de' as const,
  }))
  const english = Array.from({ length: 300 }, (_, ord) => chunk(ord, 'A cell divides and rests. '.repeat(5)))
  const alone = scoreSegments(planQuery('Zelle teilt', 'de'), buildSegments(german).map(view), 3)
  const beside = scoreSegments(planQuery('Zelle teilt', 'de'), buildSegments([...german, ...english]).map(view), 3)
  assert.deepEqual(beside.weights, alone.weights)
  assert.deepEqual(
    beside.hits.map(({ ord, score }) => [ord, score]),
    alone.hits.map(({ ord, score }) => [ord, score]),
  )
})

test('a question in a language that the material does not have is weighed by all of it', () => {
  const chunks = Array.from({ length: 200 }, (_, ord) => chunk(ord, ord < 100 ? 'oxygen and more' : 'other words'))
  const { weights } = scoreSegments(planQuery('Was ist oxygen', 'de'), buildSegments(chunks).map(view), 1)
  assert.equal(weights.words[0]?.weight, inverseFrequency(200, 100))
})

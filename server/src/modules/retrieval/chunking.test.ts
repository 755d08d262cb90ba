import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countTokens, splitSentences } from '#modules/language'
import { type Chunk, chunkPages, type Page } from './index.ts'

const page = (text: string, headings: Page['headings'] = [], number = 1): Page => ({ number, text, headings })
const sentences = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, at) => `Sentence ${from + at} says something that has about ten words.`).join(' ')
const headingIn = (text: string, title: string, level: number): Page['headings'][number] => {
  const start = text.indexOf(title)
  return { text: title, level, start, end: start + title.length }
}
const isExact = (pages: Page[], chunk: Chunk): boolean =>
  pages.find(({ number }) => number === chunk.page)?.text.slice(chunk.start, chunk.end) === chunk.text

test('a short page is one chunk, headings and all', () => {
  const text = 'Cells\nCells divide.\n\nWalls\nWalls stand.'
  const chunks = chunkPages([page(text, [headingIn(text, 'Cells', 1), headingIn(text, 'Walls', 1)])], 'en')
  assert.deepEqual(
    chunks.map((it) => it.text),
    [text],
  )
  assert.deepEqual(chunks[0]?.headingPath, ['Cells'])
})

test('a long page is cut between sentences, evenly, with whole sentences repeated', () => {
  const pages = [page(sentences(120))]
  const chunks = chunkPages(pages, 'en')
  const ends = new Set(splitSentences(pages[0]?.text ?? '', 'en').flatMap(({ start, end }) => [start, -end]))
  assert.ok(chunks.length >= 4)
  chunks.forEach((chunk, at) => {
    assert.ok(isExact(pages, chunk))
    assert.ok(ends.has(chunk.start) && ends.has(-chunk.end))
    assert.ok(chunk.tokenCount >= 200 && chunk.tokenCount <= 400, String(chunk.tokenCount))
    assert.equal(chunk.tokenCount, countTokens(chunk.text))
    const before = chunks[at - 1]
    if (!before) return
    const overlap = countTokens(pages[0]?.text.slice(chunk.start, before.end) ?? '')
    assert.ok(overlap >= 40 && overlap <= 80, String(overlap))
  })
})

test('long sections are cut at their headings and know their path, over the page break too', () => {
  const first = `Biology\n${sentences(25)}\nCells\n${sentences(25, 100)}`
  const second = `${sentences(3, 200)}\nPhysics\n${sentences(30, 300)}`
  const pages = [
    page(first, [headingIn(first, 'Biology', 1), headingIn(first, 'Cells', 2)], 1),
    page(second, [headingIn(second, 'Physics', 1)], 2),
  ]
  const chunks = chunkPages(pages, 'en')
  assert.ok(chunks.every((chunk) => isExact(pages, chunk)))
  assert.deepEqual(chunks.map((it) => [it.page, it.headingPath, it.text.slice(0, 7)]).slice(0, 3), [
    [1, ['Biology'], 'Biology'],
    [1, ['Biology', 'Cells'], 'Cells\nS'],
    [2, ['Biology', 'Cells'], 'Sentenc'],
  ])
})

test('pages without words give no chunks', () => {
  assert.deepEqual(chunkPages([page(''), page('\n\n \n'), page('--- *** ---')], null), [])
})

test('a sentence that is too long is cut between words and loses nothing', () => {
  const text = 'word '.repeat(1_000).trim()
  const chunks = chunkPages([page(text)], null)
  assert.ok(chunks.every(({ tokenCount }) => tokenCount <= 400))
  assert.equal(
    chunks
      .map((it) => it.text)
      .join('')
      .replaceAll(/\s/g, ''),
    text.replaceAll(' ', ''),
  )
})

const heading = fc.record({
  text: fc.constant('H'),
  level: fc.integer({ min: 1, max: 4 }),
  start: fc.integer({ min: -5, max: 400 }),
  end: fc.integer({ min: -5, max: 400 }),
})
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(fc.constantFrom('word ', 'End. ', '\n', '\n\n', '- item\n', 'Wort ', '😀', 'ا '), { maxLength: 900 })
    .map((all) => all.join('')),
)

test('whatever the pages, chunks are exact slices within limits, and the same each time', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.array(heading, { maxLength: 4 })), { maxLength: 3 }), (raw) => {
      const pages = raw.map(([body, headings], at) => page(body, headings, at + 1))
      const chunks = chunkPages(pages, 'en')
      for (const chunk of chunks) {
        assert.ok(isExact(pages, chunk))
        assert.ok(chunk.tokenCount > 0 && chunk.tokenCount <= 400)
      }
      assert.deepEqual(chunkPages(pages, 'en'), chunks)
      for (const { number, text: whole } of pages) {
        const covered = chunks.filter((it) => it.page === number)
        let at = 0
        for (const { start, end } of covered) {
          assert.equal(countTokens(whole.slice(at, Math.max(at, start))), 0, 'no word is left out')
          at = Math.max(at, end)
        }
      }
    }),
  )
})

/** Processor time and not the clock's: the machine may be busy with other things. */
const cpuMs = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  return process.cpuUsage(before).user / 1_000
}

test('hostile pages are cut in linear time', () => {
  const hostile = [
    'a'.repeat(5_000_000),
    '\n'.repeat(1_000_000),
    '.'.repeat(2_000_000),
    'x\n'.repeat(200_000),
    '😀'.repeat(200_000),
  ]
  for (const body of hostile) {
    const pages = [page(body)]
    const spent = cpuMs(() => {
      assert.ok(chunkPages(pages, null).every((chunk) => isExact(pages, chunk) && chunk.text.length <= 20_000))
    })
    assert.ok(spent < 3_000, `${body.slice(0, 2)} ${spent} ms`)
  }
})

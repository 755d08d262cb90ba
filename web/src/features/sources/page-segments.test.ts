import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { paragraphsOf } from './page-segments.ts'

const text = 'Tides\n\nSpring tides come twice\na month. They are high.\n\nNeap tides come later.'
const headings = [{ text: 'Tides', level: 1, start: 0, end: 5 }]
const passage = (n: number, quote: string) => ({
  n,
  start: text.indexOf(quote),
  end: text.indexOf(quote) + quote.length,
})
const none = { open: null, others: [] }

describe('a page', () => {
  it('is cut at blank lines and headings, and nothing else', () => {
    const paragraphs = paragraphsOf({ text, headings }, none)
    assert.deepEqual(
      paragraphs.map(({ level, segments }) => [level, segments.map((it) => it.text).join('')]),
      [
        [1, 'Tides'],
        [null, 'Spring tides come twice\na month. They are high.'],
        [null, 'Neap tides come later.'],
      ],
    )
  })

  it('is marked exactly where the passage stands', () => {
    const open = passage(1, 'They are high.')
    const marked = paragraphsOf({ text, headings }, { open, others: [] })
      .flatMap(({ segments }) => segments)
      .filter(({ isMarked }) => isMarked)
    assert.deepEqual(
      marked.map((it) => it.text),
      ['They are high.'],
    )
  })

  it('marks a passage that runs over paragraphs in each of them', () => {
    const open = passage(1, 'They are high.\n\nNeap')
    const paragraphs = paragraphsOf({ text, headings }, { open, others: [] })
    const marked = paragraphs.map(({ segments }) => segments.filter(({ isMarked }) => isMarked).map((it) => it.text))
    assert.deepEqual(marked, [[], ['They are high.'], ['Neap']])
  })

  it('tells other passages of the answer apart, also where they overlap', () => {
    const marks = { open: passage(1, 'They are high.'), others: [passage(2, 'month. They')] }
    const segments = paragraphsOf({ text, headings }, marks).flatMap((it) => it.segments)
    assert.deepEqual(
      segments.filter((it) => it.isMarked || it.isOther).map((it) => [it.text, it.isMarked, it.isOther]),
      [
        ['month. ', false, true],
        ['They', true, true],
        [' are high.', true, false],
      ],
    )
  })

  it('counts in code units, as the server does', () => {
    const odd = '🌊 tide. Next.'
    const open = { n: 1, start: odd.indexOf('Next'), end: odd.length }
    const segments = paragraphsOf({ text: odd, headings: [] }, { open, others: [] }).flatMap((it) => it.segments)
    assert.equal(segments.find(({ isMarked }) => isMarked)?.text, 'Next.')
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Citation } from '@lyceum/contract/chat'
import { blocksOf, withoutNumbers } from './answer-blocks.ts'

const cite = (text: string, sentence: string, source: number, verdict: Citation['verdict'] = 'supported'): Citation => {
  const start = text.indexOf(sentence)
  return { sentence: [start, start + sentence.length], source, verdict, checks: [] }
}
const sources = [{ n: 1 }, { n: 2 }]
const texts = (blocks: ReturnType<typeof blocksOf>): string[] =>
  blocks.map(({ pieces }) => pieces.map((it) => it.text).join(''))

describe('an answer', () => {
  it('has the number of a source after the sentence, and not in it', () => {
    const text = 'Spring tides come twice a month. [1] They are high. [2]'
    const [block] = blocksOf(
      text,
      [cite(text, 'Spring tides come twice a month.', 1), cite(text, 'They are high.', 2)],
      sources,
    )
    const cited = block?.pieces.filter(({ sentence }) => sentence !== null)
    assert.deepEqual(
      cited?.map(({ text, cites }) => [text, cites]),
      [
        ['Spring tides come twice a month.', [1]],
        ['They are high.', [2]],
      ],
    )
    assert.equal(texts(block ? [block] : [])[0], 'Spring tides come twice a month. They are high.')
  })

  it('takes both sources of one sentence, once each', () => {
    const text = 'The harbour is old. [1, 2]'
    const citations = [1, 2, 2].map((source) => cite(text, 'The harbour is old.', source))
    assert.deepEqual(blocksOf(text, citations, sources)[0]?.pieces[0]?.cites, [1, 2])
  })

  it('gives no number to a sentence that is not on the pages', () => {
    const text = 'It lies in Canada.'
    const [block] = blocksOf(text, [cite(text, text, 1, 'unsupported')], sources)
    assert.deepEqual(block?.pieces[0], { text, sentence: 0, verdict: 'unsupported', cites: [], isEnd: true })
  })

  it('is as good as its best citation', () => {
    const text = 'The harbour is old.'
    const citations = [cite(text, text, 1, 'unsupported'), cite(text, text, 2, 'weak')]
    const [piece] = blocksOf(text, citations, sources)[0]?.pieces ?? []
    assert.equal(piece?.verdict, 'weak')
    assert.deepEqual(piece?.cites, [2])
  })

  it('shows what is not cited, too', () => {
    const text = 'First. Second. Third.'
    assert.deepEqual(texts(blocksOf(text, [cite(text, 'Second.', 1)], sources)), ['First. Second. Third.'])
  })

  it('is cut into paragraphs, items, headings and code', () => {
    const text = '# Tides\n\nTwo kinds:\nhigh and low.\n\n- spring\n- neap\n\n```\na[1]\n```\nEnd.'
    const blocks = blocksOf(text, [], sources)
    assert.deepEqual(
      blocks.map(({ kind }) => kind),
      ['heading', 'paragraph', 'item', 'item', 'code', 'paragraph'],
    )
    assert.deepEqual(texts(blocks), ['Tides', 'Two kinds:\nhigh and low.', 'spring', 'neap', 'a[1]', 'End.'])
  })

  it('waits for the words of a citation that came before them', () => {
    const text = 'Spring tides'
    const early: Citation = { sentence: [0, 32], source: 1, verdict: 'supported', checks: [] }
    assert.deepEqual(blocksOf(text, [early], sources)[0]?.pieces, [
      { text, sentence: 0, verdict: 'supported', cites: [], isEnd: false },
    ])
    assert.deepEqual(blocksOf('', [early], sources), [])
  })
})

describe('numbers in a text', () => {
  const known = new Set([1, 2])
  it('go when they are sources, in any brackets and digits that are read as such', () => {
    assert.equal(withoutNumbers('A [1], B【2】 and C ［1］.', known), 'A, B and C.')
  })
  it('stay when they are not', () => assert.equal(withoutNumbers('See [7] and [1, 9].', known), 'See [7] and [1, 9].'))
})

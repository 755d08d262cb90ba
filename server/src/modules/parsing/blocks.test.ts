import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Block, composePage, paginate } from './blocks.ts'

const paragraph = (text: string): Block => ({ kind: 'paragraph', text })
const heading = (text: string, level = 1): Block => ({ kind: 'heading', text, level })

test('a page is its blocks with a blank line between, list items on neighbouring lines, headings with their place', () => {
  const blocks: Block[] = [
    paragraph('One.'),
    heading('Two', 2),
    { kind: 'item', text: '- a' },
    { kind: 'item', text: '- b' },
  ]
  const page = composePage(3, blocks)
  assert.equal(page.text, 'One.\n\nTwo\n\n- a\n- b')
  assert.deepEqual(page.headings, [{ text: 'Two', level: 2, start: 6, end: 9 }])
})

test('pages end near 3,000 characters, at a heading where one is near, and never with a heading', () => {
  const long = 'x'.repeat(900)
  const pages = paginate([...Array(3).fill(paragraph(long)), heading('Next'), ...Array(5).fill(paragraph(long))])
  assert.deepEqual(
    pages.map((page) => page[0]?.text.slice(0, 4)),
    ['xxxx', 'Next', 'xxxx'],
  )
  const late = paginate([paragraph('x'.repeat(1000)), heading('Last', 4), paragraph('y'.repeat(3000))])
  assert.deepEqual(
    late.map((page) => page.map((each) => each.text[0])),
    [['x'], ['L', 'y']],
  )
})

test('a block without end is cut at sentences, and no character is torn or lost', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), { maxLength: 600 }), (words) => {
      const text = words.join(' ').trim()
      const pages = paginate([paragraph(text)])
      const joined = pages
        .flat()
        .map((each) => each.text)
        .join('')
      assert.equal(joined.replace(/\s/g, ''), text.replace(/\s/g, ''))
      for (const page of pages) {
        const { text: pageText } = composePage(1, page)
        assert.ok(pageText.length <= 4600)
        assert.ok(pageText.isWellFormed())
      }
    }),
    { numRuns: 100 },
  )
  for (const page of paginate([paragraph(`a${'\u{1F600}'.repeat(5000)}`)]))
    assert.ok(composePage(1, page).text.isWellFormed())
  const sentences = 'This is a sentence. '.repeat(400).trim()
  for (const page of paginate([paragraph(sentences)])) assert.match(page.at(-1)?.text ?? '', /\.$/)
})

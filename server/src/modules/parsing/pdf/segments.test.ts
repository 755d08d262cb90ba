import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadPdfjs } from './load-pdfjs.ts'
import type { Run } from './model.ts'
import { toSegments } from './segments.ts'

const run = (text: string, x0: number, x1: number, more: Partial<Run> = {}): Run => ({
  text,
  x0,
  x1,
  baseline: 100,
  size: 10,
  font: 'f',
  isMono: false,
  isBold: false,
  isRtl: /[\u0600-\u06FF]/.test(text),
  isSpaced: false,
  ...more,
})

test('right-to-left lines are in logical order, with numbers and Latin words in their own', () => {
  // Seen from the left: 'Python 3', then 'لغة'; read from the right.
  const runs = [run('Python', 100, 135), run('3', 138, 143), run('لغة البرمجة', 146, 180)]
  assert.equal(toSegments(runs)[0]?.text, 'لغة البرمجة Python 3')
})

test('a wide gap parts segments, a word gap is a space, none joins', () => {
  const texts = toSegments([run('a', 0, 5), run('b', 5.2, 10), run('c', 13, 18), run('d', 60, 65)]).map(
    (each) => each.text,
  )
  assert.deepEqual(texts, ['ab c', 'd'])
})

test('a text printed twice in one place is one text', () => {
  assert.deepEqual(
    toSegments([run('Shadow', 10, 40), run('Shadow', 10.5, 40.5)]).map((each) => each.text),
    ['Shadow'],
  )
})

test('the edits to the PDF library find their places', async () => {
  const pdfjs = await loadPdfjs()
  assert.equal(typeof pdfjs.getDocument, 'function')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { column, type MadeText, makePdf } from '../testing/pdf.ts'
import { codeOf, readBytes, textOf } from '../testing/read.ts'

const readPages = (pages: MadeText[][], title?: string) => readBytes('a.pdf', makePdf(pages, title ? { title } : {}))

/** Nine lines of running text, each begun with a mark by which it can be told. */
const lines = (mark: string): string[] =>
  Array.from({ length: 9 }, (_, at) => `${mark}${at} runs on with words to the edge`)

test('lines of a paragraph are joined, hyphens mended, paragraphs parted by a blank line', async () => {
  const first = [
    'The first paragraph has a word that is hyphen-',
    'ated at the end of a line and a well-',
    'Known name, and it goes on for a while.',
  ]
  const page = [
    ...column(first, 72, 700),
    ...column(['The second paragraph stands apart from it by a wider gap.'], 72, 620),
  ]
  assert.equal(
    textOf(await readPages([page])),
    'The first paragraph has a word that is hyphenated at the end of a line and a well-Known name, and it goes on for a while.\n\nThe second paragraph stands apart from it by a wider gap.',
  )
})

test('columns are read one after the other, written by column or by row', async () => {
  const left = column(lines('L'), 72, 700)
  const right = column(lines('R'), 330, 700)
  const title = { x: 150, y: 740, size: 18, text: 'A title across both of the columns' }
  const byRow = left.flatMap((line, at) => [line, right[at] ?? line])
  for (const page of [
    [title, ...left, ...right],
    [title, ...byRow],
  ]) {
    const text = textOf(await readPages([page]))
    assert.deepEqual(text.match(/[LR]\d/g)?.join(' '), 'L0 L1 L2 L3 L4 L5 L6 L7 L8 R0 R1 R2 R3 R4 R5 R6 R7 R8')
    assert.ok(text.startsWith('A title across both'))
  }
})

test('a table keeps its rows', async () => {
  const rows = [
    ['Name', 'Year', 'Place'],
    ['Ada', '1815', 'London'],
    ['Emmy', '1882', 'Erlangen'],
  ]
  const page = rows.flatMap((row, at) => row.map((text, cell) => ({ x: 72 + cell * 120, y: 700 - at * 16, text })))
  assert.equal(textOf(await readPages([page])), 'Name | Year | Place\nAda | 1815 | London\nEmmy | 1882 | Erlangen')
})

test('headings by size, bold type and numbering; code keeps its lines and indents', async () => {
  const page: MadeText[] = [
    { x: 72, y: 720, size: 20, text: '2 Sorting' },
    ...column(lines('A'), 72, 690),
    { x: 72, y: 540, text: 'A bold line', isBold: true },
    ...column(lines('B'), 72, 515),
    { x: 72, y: 370, text: 'for (;;) {', isMono: true },
    { x: 86, y: 356, text: 'work()', isMono: true },
    { x: 72, y: 342, text: '}', isMono: true },
  ]
  const { pages } = await readPages([page])
  assert.deepEqual(
    pages[0]?.headings.map(({ text, level }) => [text, level]),
    [
      ['2 Sorting', 1],
      ['A bold line', 4],
    ],
  )
  assert.ok(pages[0]?.text.endsWith('for (;;) {\n  work()\n}'))
})

test('a raised number is marked, since 10^6 is not 106', async () => {
  const page = [
    { x: 72, y: 700, text: 'about 10' },
    { x: 113, y: 705, size: 7, text: '6' },
    { x: 120, y: 700, text: 'cells' },
  ]
  assert.equal(textOf(await readPages([page])), 'about 10^6 cells')
})

test('running heads and page numbers are left out, the text under them is not', async () => {
  const pages = Array.from({ length: 5 }, (_, at) => [
    { x: 72, y: 760, size: 9, text: `Chapter of the book ${at + 1}` },
    ...column(lines(`P${at}`), 72, 700),
    { x: 300, y: 40, size: 9, text: String(at + 1) },
  ])
  const reading = await readPages(pages)
  assert.doesNotMatch(textOf(reading), /Chapter|\n\d$/)
  assert.match(reading.pages[4]?.text ?? '', /^P40 runs .* P48 runs on with words to the edge$/)
})

test('each line knows where it stands, and its offsets are exact', async () => {
  const { pages } = await readPages([column(['The first line ends with a hy-', 'phen here.'], 72, 700)])
  const [page] = pages
  const spans = page?.lines?.map((line) => page.text.slice(line.start, line.end))
  assert.deepEqual(spans, ['The first line ends with a hy', 'phen here.'])
  const [line] = page?.lines ?? []
  assert.ok(line && Math.abs(line.x - 72 / 612) < 0.001 && Math.abs(line.y - (792 - 700 - 8.8) / 792) < 0.01)
  assert.ok(line && line.width > 0.15 && line.width < 0.4 && line.height > 0.01 && line.height < 0.02)
})

test('page count comes first, and too many pages are refused before any is read', async () => {
  const bytes = makePdf(Array.from({ length: 6 }, () => column(['Text.'], 72, 700)))
  const whole = await readBytes('a.pdf', bytes)
  assert.deepEqual(whole.started, [6])
  assert.deepEqual(
    whole.pages.map((page) => page.number),
    [1, 2, 3, 4, 5, 6],
  )
  const refused = await readBytes('a.pdf', bytes, { maxPages: 5 })
  assert.equal(codeOf(refused), 'document_too_long')
  assert.deepEqual([refused.started, refused.pages], [[], []])
})

test('locked, open with an empty password, damaged, without text', async () => {
  const page = [column(['Readable words.'], 72, 700)]
  assert.equal(codeOf(await readBytes('a.pdf', makePdf(page, { lock: 'locked' }))), 'document_encrypted')
  assert.equal(textOf(await readBytes('a.pdf', makePdf(page, { lock: 'empty' }))), 'Readable words.')
  const whole = makePdf(page)
  assert.equal(codeOf(await readBytes('a.pdf', whole.subarray(0, 60))), 'document_corrupt')
  assert.equal(
    codeOf(await readBytes('a.pdf', Buffer.concat([whole.subarray(0, 9), Buffer.alloc(3000, 'x')]))),
    'document_corrupt',
  )
  assert.equal(codeOf(await readBytes('a.pdf', makePdf([[], []]))), 'document_no_text')
})

test('the title is the file’s own, else the largest heading of the first page, never a file name', async () => {
  const page = [{ x: 72, y: 720, size: 24, text: 'Real Title' }, ...column(lines('A'), 72, 690)]
  const titleOf = async (title?: string): Promise<unknown> => {
    const { outcome } = await readPages([page], title)
    return outcome.ok && 'title' in outcome ? outcome.title : undefined
  }
  assert.equal(await titleOf('Given Title'), 'Given Title')
  assert.equal(await titleOf('Microsoft Word - draft.doc'), 'Real Title')
  assert.equal(await titleOf(), 'Real Title')
})

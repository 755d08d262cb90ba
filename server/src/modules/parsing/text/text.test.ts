import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBytes, textOf } from '../testing/read.ts'
import { toBlocks } from './markdown-blocks.ts'
import { stripInline } from './markdown-inline.ts'

const inline: [markdown: string, text: string][] = [
  ['**bold _and italic_** and `code *as is*`', 'bold and italic and code *as is*'],
  ['a [link](https://x.org/a_(b) "title") and ![picture](p.png)', 'a link and picture'],
  ['[text][ref] and <https://x.org>', 'text and https://x.org'],
  ['snake_case_name and 2 * 3 * 4', 'snake_case_name and 2 * 3 * 4'],
  ['$a_1 * b_1$ and \\(x^2\\)', '$a_1 * b_1$ and \\(x^2\\)'],
  ['costs $5 and then $6', 'costs $5 and then $6'],
  ['\\*not emphasis\\* &amp; &lt;b&gt; &#228;', '*not emphasis* & <b> ä'],
  ['**Matter**{: data-type="term"}', 'Matter'],
  ['10<sup>-24</sup> grams<br/>next', '10^-24 grams\nnext'],
  ['``a ` b``', 'a ` b'],
]
for (const [markdown, text] of inline) test(markdown, () => assert.equal(stripInline(markdown), text))

const markdown = `Title
=====

A paragraph over
two lines.

## Section {#anchor}

<Intro>

- one
- two
  goes on
  1. inner

</Intro>

\`\`\`js
const a = '# no heading'

  indented * two
\`\`\`

| a | b |
|---|:-:|
| *1* | 2 |

<table><tr><th>x</th><th>y</th></tr>
<tr><td>1</td><td>2</td></tr></table>

> quoted
> text

$$
x^2
$$
`

test('blocks of Markdown', () => {
  assert.deepEqual(
    toBlocks(markdown).map(({ kind, text, level }) => [kind, text, level ?? 0]),
    [
      ['heading', 'Title', 1],
      ['paragraph', 'A paragraph over two lines.', 0],
      ['heading', 'Section', 2],
      ['item', '- one', 0],
      ['item', '- two goes on', 0],
      ['item', '  1. inner', 0],
      ['code', "const a = '# no heading'\n\n  indented * two", 0],
      ['table', 'a | b\n1 | 2', 0],
      ['table', 'x | y\n1 | 2', 0],
      ['paragraph', 'quoted text', 0],
      ['code', '$$x^2$$', 0],
    ],
  )
})

test('hostile Markdown takes no more than linear time', () => {
  for (const piece of ['[', '![', '*a', '_a_', '`', '$a', '<a ', '{:', '\\(', '[a](', '|-', '> ', '- ']) {
    toBlocks(piece.repeat(20_000))
  }
})

test('front matter gives the title, which also stands on the first page', async () => {
  const reading = await readBytes('a.md', '---\ntitle: "A Title: Part"\nlayout: page\n---\n\nText.')
  assert.equal(textOf(reading), 'A Title: Part\n\nText.')
  assert.equal(reading.outcome.ok && 'title' in reading.outcome && reading.outcome.title, 'A Title: Part')
})

test('plain text: wrapped lines are joined, verse is not, NUL is gone', async () => {
  const wrapped = 'This line of the paragraph is broken at a fixed width,\nand so it goes on here until the end.'
  const verse = 'Roses are red\nviolets are blue'
  const reading = await readBytes('a.txt', `${wrapped}\r\n\r\n${verse}\0`)
  assert.equal(textOf(reading), `${wrapped.replace('\n', ' ')}\n\n${verse}`)
})

test('text in UTF-16 and windows-1252', async () => {
  assert.equal(textOf(await readBytes('a.txt', Buffer.from('\uFEFFGrüße aus Köln', 'utf16le'))), 'Grüße aus Köln')
  assert.equal(
    textOf(await readBytes('a.txt', Buffer.from('Grüße aus Köln, schöne Stadt', 'latin1'))),
    'Grüße aus Köln, schöne Stadt',
  )
})

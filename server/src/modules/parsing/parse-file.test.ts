import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFile } from './parse-file.ts'
import { makePdf } from './testing/pdf.ts'
import { codeOf, readBytes, textOf, withFile } from './testing/read.ts'
import { docxEntries, makeZip } from './testing/zip.ts'

const bomb = '<w:p><w:r><w:t>a</w:t></w:r></w:p>'

/** What people and attackers upload, and how it must end. */
const cases: [what: string, name: string, bytes: Buffer | string, end: string][] = [
  ['no bytes', 'a.pdf', '', 'document_empty'],
  ['nothing but white space', 'a.txt', ' \n\n \t ', 'document_empty'],
  ['nothing but invisible characters', 'a.txt', '\u200B\uFEFF\u2060', 'document_empty'],
  ['nothing but punctuation', 'a.txt', '... --- ...', 'document_no_text'],
  [
    'a bomb of 300 MB',
    'a.docx',
    makeZip([{ name: 'word/document.xml', data: Buffer.alloc(300_000_000, 'a') }]),
    'document_too_complex',
  ],
  [
    'a part larger than it claims',
    'a.docx',
    makeZip(
      docxEntries(bomb.repeat(50_000)).map((entry) =>
        entry.name === 'word/document.xml' ? { ...entry, claimedSize: 500 } : entry,
      ),
    ),
    'document_too_complex',
  ],
  ['garbage after a PDF header', 'a.pdf', `%PDF-1.7\n${'garbage '.repeat(1000)}`, 'document_corrupt'],
  ['a PDF cut in half', 'a.pdf', makePdf([[{ x: 72, y: 700, text: 'Words.' }]]).subarray(0, 300), 'document_corrupt'],
  ['a PDF under the name of a text', 'notes.txt', makePdf([[{ x: 72, y: 700, text: 'Words.' }]]), 'ok'],
  ['a DOCX under the name of a PDF', 'notes.pdf', makeZip(docxEntries(bomb)), 'ok'],
]

for (const [what, name, bytes, end] of cases) {
  test(what, async () => {
    const reading = await readBytes(name, bytes)
    assert.equal(codeOf(reading), end)
    if (end !== 'ok')
      assert.deepEqual(
        reading.pages.filter((page) => page.text.length > 20),
        [],
        'nothing half-read',
      )
    if (!reading.outcome.ok) assert.match(reading.outcome.message, /^[A-Z].*\.$/)
  })
}

test('a document that needs more memory than is allowed ends, and the next one is read', async () => {
  const large = makeZip(
    docxEntries(Array.from({ length: 400_000 }, (_, at) => `<w:p><w:r><w:t>${at * 7919}</w:t></w:r></w:p>`).join('')),
  )
  assert.equal(codeOf(await readBytes('a.docx', large, { memoryLimitMb: 150 })), 'document_too_complex')
  assert.equal(textOf(await readBytes('b.docx', makeZip(docxEntries(bomb)))), 'a')
})

test('a time limit that is too short for the file', async () => {
  const bytes = makePdf(Array.from({ length: 50 }, () => [{ x: 72, y: 700, text: 'Words.' }]))
  assert.equal(codeOf(await readBytes('a.pdf', bytes, { timeLimitMs: 1 })), 'document_timeout')
})

test('several documents at once', async () => {
  const texts = await Promise.all(
    Array.from({ length: 4 }, (_, at) => readBytes('a.txt', `Document number ${at}.`).then(textOf)),
  )
  assert.deepEqual(
    texts,
    [0, 1, 2, 3].map((at) => `Document number ${at}.`),
  )
})

test('the bytes decide again when the media type was wrong', () =>
  withFile('a.pdf', 'Just text.', async (path) => {
    const outcome = await parseFile({ path, mediaType: 'application/pdf', fileName: 'a.pdf' }, {}, () => undefined)
    assert.equal(outcome.ok === false && outcome.failure, 'document_corrupt')
  }))

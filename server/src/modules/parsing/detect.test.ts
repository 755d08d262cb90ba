import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makePdf } from './testing/pdf.ts'
import { detectFile, withFile } from './testing/read.ts'
import { docxEntries, epubEntries, makeZip, odtEntries, pptxEntries } from './testing/zip.ts'

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le')
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const office = 'application/vnd.openxmlformats-officedocument'
const xlsx =
  '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
/** 'اللغة العربية لغة القران الكريم' in windows-1256, many times. */
const arabic1256 = latin1(
  '\xc7\xe1\xe1\xdb\xc9 \xc7\xe1\xda\xd1\xc8\xed\xc9 \xe1\xdb\xc9 \xc7\xe1\xde\xd1\xc7\xe4 \xc7\xe1\xdf\xd1\xed\xe3 '.repeat(
    20,
  ),
)
const russian1251 = latin1('\xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0 \xfd\xf2\xee \xf2\xe5\xea\xf1\xf2 '.repeat(20))

/** The answer is a media type or a failure. */
const cases: [what: string, name: string, bytes: Buffer | string, answer: string][] = [
  ['PDF', 'a.pdf', makePdf([[]]), 'application/pdf'],
  ['PDF named as text', 'a.txt', makePdf([[]]), 'application/pdf'],
  ['PDF after other bytes', 'a.pdf', Buffer.concat([Buffer.alloc(300, 0xfe), makePdf([[]])]), 'application/pdf'],
  ['text that speaks of PDF', 'a.txt', 'A file that begins with %PDF- is a PDF.', 'text/plain'],
  ['DOCX named as PDF', 'a.pdf', makeZip(docxEntries('')), `${office}.wordprocessingml.document`],
  ['PPTX', 'a.zip', makeZip(pptxEntries([])), `${office}.presentationml.presentation`],
  ['ODT', 'a', makeZip(odtEntries('')), 'application/vnd.oasis.opendocument.text'],
  ['EPUB', 'a.docx', makeZip(epubEntries([])), 'application/epub+zip'],
  ['EPUB without its mimetype', 'a', makeZip(epubEntries([]).slice(1)), 'application/epub+zip'],
  ['spreadsheet', 'a.docx', makeZip([{ name: '[Content_Types].xml', data: xlsx }]), 'document_unsupported'],
  ['any zip', 'a.docx', makeZip([{ name: 'a.txt', data: 'x' }]), 'document_unsupported'],
  ['truncated DOCX', 'a.docx', makeZip(docxEntries('text')).subarray(0, 300), 'document_corrupt'],
  ['HTML', 'a.txt', '<!DOCTYPE html>\n<html lang="de"><body>Hallo</body></html>', 'text/html'],
  ['XHTML', 'a.xml', '<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="http://www.w3.org/1999/xhtml"/>', 'text/html'],
  ['part of a page', 'a.html', '<p>Hello</p>', 'text/html'],
  ['no tags at all', 'a.html', 'Hello', 'text/plain'],
  ['Markdown', 'a.MD', '# Title', 'text/markdown'],
  ['plain', 'a.rst', 'Title\n=====', 'text/plain'],
  ['UTF-16', 'a.txt', utf16('Grüße aus Köln'), 'text/plain'],
  ['UTF-16 without a mark', 'a.txt', utf16('Just some words in a row.').subarray(2), 'text/plain'],
  ['windows-1252', 'a.txt', latin1('Gr\xfc\xdfe aus K\xf6ln, sch\xf6ne Stadt'), 'text/plain'],
  ['windows-1256', 'a.txt', arabic1256, 'text/plain'],
  ['windows-1251, which is not told apart from others', 'a.txt', russian1251, 'document_unsupported'],
  [
    'random bytes',
    'a.txt',
    Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * at * 17 + at) % 256)),
    'document_unsupported',
  ],
  ['a stray NUL', 'a.txt', 'Some text\0 with a NUL.', 'text/plain'],
  ['nothing', 'a.pdf', '', 'document_empty'],
  ['XML', 'a.txt', '<?xml version="1.0"?><rss/>', 'document_unsupported'],
  ['SVG named as picture', 'a.png', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'document_unsupported'],
  ['RTF', 'a.doc', '{\\rtf1 Hello}', 'document_unsupported'],
  [
    'Word 97',
    'a.doc',
    Buffer.concat([latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'), Buffer.alloc(600)]),
    'document_unsupported',
  ],
  [
    'DOCX with a password',
    'a.docx',
    Buffer.concat([
      latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
      Buffer.alloc(600),
      Buffer.from('EncryptedPackage', 'utf16le'),
    ]),
    'document_encrypted',
  ],
  ['PNG named as PDF', 'a.pdf', latin1('\x89PNG\r\n\x1a\n....'), 'image/png'],
  ['JPEG', 'a', latin1('\xff\xd8\xff\xe0..JFIF'), 'image/jpeg'],
  ['WebP', 'a', latin1('RIFF\x10\0\0\0WEBPVP8 '), 'image/webp'],
  ['WAV', 'a.txt', latin1('RIFF\x10\0\0\0WAVEfmt '), 'audio/wav'],
  ['MP3 with a tag', 'a', latin1('ID3\x04\0'), 'audio/mpeg'],
  ['MP3 without', 'a', latin1('\xff\xfb\x90\x64\0\0'), 'audio/mpeg'],
  ['Ogg', 'a', latin1('OggS\0\x02'), 'audio/ogg'],
  ['M4A', 'a', latin1('\0\0\0\x20ftypM4A '), 'audio/mp4'],
  ['WebM', 'a', latin1('\x1a\x45\xdf\xa3'), 'audio/webm'],
  ['text that begins like a bitmap', 'a.txt', 'BMW is a maker of cars in Munich.', 'text/plain'],
  ['program', 'a.pdf', latin1('\x7fELF\x02\x01\x01'), 'document_unsupported'],
]

for (const [what, name, bytes, answer] of cases) {
  test(what, async () => {
    const detected = await withFile(name, bytes, detectFile)
    assert.equal(detected.ok ? detected.mediaType : detected.failure, answer)
    if (!detected.ok) assert.match(detected.message, /^[A-Z].*\.$/)
  })
}

test('a file that is not there is the caller’s fault', () =>
  assert.rejects(detectFile('/nowhere/a.pdf'), { code: 'ENOENT' }))

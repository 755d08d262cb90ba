/** PDF files to measure with: as many pages as wanted, of made-up text in a standard font. */
import { deflateSync } from 'node:zlib'
import { createVocabulary, createWriter, type Writer } from './text.ts'

const linesPerPage = 42
const wordsPerLine = 12

/** A heading, and below it paragraphs that fill the page (A4, in points). */
const pageContent = (writer: Writer, number: number): string => {
  const words = writer.passage(linesPerPage * wordsPerLine).split(' ')
  const lines = Array.from({ length: linesPerPage }, (_, line) =>
    words.slice(line * wordsPerLine, (line + 1) * wordsPerLine).join(' '),
  )
  const heading = `BT /F1 18 Tf 60 780 Td (Chapter ${number}) Tj ET`
  return `${heading}\nBT /F1 10 Tf 14 TL 60 745 Td\n${lines.map((line) => `(${line}) Tj T*`).join('\n')}\nET`
}

/** @returns the bytes of a PDF 1.4 file; the same number gives the same bytes */
export const makePdf = (pageCount: number): Buffer => {
  const writer = createWriter(createVocabulary(1), 7)
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')]
  const offsets: number[] = []
  let length = parts[0]?.length ?? 0
  const add = (...pieces: (string | Buffer)[]): void => {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece)
      parts.push(bytes)
      length += bytes.length
    }
  }
  const addObject = (number: number, ...body: (string | Buffer)[]): void => {
    offsets[number] = length
    add(`${number} 0 obj\n`, ...body, '\nendobj\n')
  }
  const pageIds = Array.from({ length: pageCount }, (_, page) => 4 + 2 * page)
  addObject(1, '<< /Type /Catalog /Pages 2 0 R >>')
  addObject(2, `<< /Type /Pages /Count ${pageCount} /Kids [${pageIds.map((id) => `${id} 0 R`).join(' ')}] >>`)
  addObject(3, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>')
  for (const [page, id] of pageIds.entries()) {
    const packed = deflateSync(pageContent(writer, page + 1))
    addObject(
      id,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${id + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
    )
    addObject(id + 1, `<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`, packed, '\nendstream')
  }
  const start = length
  const entries = offsets.slice(1).map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  add(`xref\n0 ${offsets.length}\n0000000000 65535 f \n${entries.join('')}`)
  add(`trailer\n<< /Size ${offsets.length} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`)
  return Buffer.concat(parts)
}

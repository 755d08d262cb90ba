/** Files to drop, made here so that the tests know every word in them. */

export interface TestFile {
  name: string
  mimeType: string
  buffer: Buffer
}

/** A PDF with one text a page, in lines as a word processor would break them. */
export const makePdf = (name: string, pages: readonly string[]): TestFile => {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, at) => `${4 + at * 2} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...pages.flatMap((text, at) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + at * 2} 0 R >>`,
      contentOf(text),
    ]),
  ]
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(assemble(objects), 'latin1') }
}

const contentOf = (text: string): string => {
  const lines = text.split('\n').flatMap((line) => (line === '' ? [''] : (line.match(/.{1,80}(?:\s|$)/g) ?? [])))
  const shown = lines.map((line) => `(${line.trim().replace(/[\\()]/g, '\\$&')}) Tj T*`).join('\n')
  const stream = `BT /F1 12 Tf 16 TL 64 780 Td\n${shown}\nET`
  return `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`
}

const assemble = (objects: readonly string[]): string => {
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, at) => {
    const offset = file.length
    file += `${at + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  return `${file}xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
}

export const tides = makePdf('Tides and Harbours.pdf', [
  'Chapter 1\n\nThe harbour of Emden was built in 1847. Its first lock was made of oak and held for sixty years. Ships came from Delfzijl and from the islands.',
  'Chapter 2\n\nSpring tides come twice a month, at new moon and at full moon. On these days the pulls of Sun and Moon act along the same line, and the two bulges they raise are added together. The range is then at its largest.\n\nFrom one alignment to the next takes 14.77 days, half of the time between two new moons.',
  'Chapter 3\n\nNeap tides come a week later. The two pulls stand at right angles and partly cancel. The range is then clearly smaller. How much smaller depends on the harbour.',
])

export const arabicTides: TestFile = {
  name: 'المدّ والموانئ.md',
  mimeType: 'text/markdown',
  buffer: Buffer.from(
    '# المدّ والموانئ\n\nيأتي مدّ الاقتران مرتين في الشهر، عند المحاق وعند البدر. في هذه الأيام يعمل جذب الشمس وجذب القمر على الخط نفسه.\n\nبُني ميناء إمدن في عام 1847. وكانت بوابته الأولى من خشب البلوط.\n',
  ),
}

/** Says that it is a PDF, and is not. */
export const brokenPdf: TestFile = {
  name: 'Field trip.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.4\nThis is where the pages were.\n'),
}

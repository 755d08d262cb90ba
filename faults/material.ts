/** Files to upload. All of a kind have the same shape, so that all are read into as many pages and chunks as the first. */

export const kinds = ['text', 'markdown', 'pdf'] as const
export type Kind = (typeof kinds)[number]

/** A word that stands in no other file, always of the same length. */
export const wordOf = (count: number): string =>
  `zq${[...String(count).padStart(6, '0')].map((digit) => String.fromCharCode(97 + Number(digit))).join('')}`

const sentences = (word: string, section: number): string =>
  [
    `The ${word} lives in the harbour and was first seen in ${1800 + section}.`,
    'It eats what the tide brings, and sleeps while the moon pulls the water of the sea.',
    'Spring tides happen twice a month, when sun and moon stand in one line.',
    `Nobody has counted how often the ${word} came back.`,
  ].join(' ')

const sections = 12

const textOf = (word: string): string => Array.from({ length: sections }, (_, at) => sentences(word, at)).join('\n\n')

const markdownOf = (word: string): string =>
  Array.from({ length: sections }, (_, at) => `# Section ${at}\n\n${sentences(word, at)}`).join('\n\n')

/** Two pages of plain text, written by hand: objects, table of their places, trailer (ISO 32000-1, 7.5). */
const pdfOf = (word: string): Buffer => {
  const pages = [0, 1].map((page) => {
    const lines = sentences(word, page)
      .split('. ')
      .map((line) => `(${line}.) Tj T*`)
    return `BT /F1 11 Tf 14 TL 60 760 Td ${lines.join(' ')} ET`
  })
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap((content, at) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * at} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ]
  let file = '%PDF-1.4\n'
  const places = objects.map((object, at) => {
    const place = file.length
    file += `${at + 1} 0 obj\n${object}\nendobj\n`
    return place
  })
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  return Buffer.from(
    `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`,
    'latin1',
  )
}

const makers: Record<Kind, { ending: string; make: (word: string) => string | Buffer }> = {
  text: { ending: 'txt', make: textOf },
  markdown: { ending: 'md', make: markdownOf },
  pdf: { ending: 'pdf', make: pdfOf },
}

export const formOf = (kind: Kind, word: string): FormData => {
  const { ending, make } = makers[kind]
  const form = new FormData()
  form.append('file', new Blob([make(word)]), `${word}.${ending}`)
  return form
}

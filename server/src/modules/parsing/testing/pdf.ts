import { createHash } from 'node:crypto'

/** A piece of text on a made page: place in points from the bottom left, size, text in Latin-1. */
export interface MadeText {
  x: number
  y: number
  size?: number
  text: string
  isBold?: boolean
  isMono?: boolean
}

interface PdfOptions {
  title?: string
  /** `empty` opens without a password, `locked` does not. */
  lock?: 'empty' | 'locked'
}

const padding = Buffer.from('28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A', 'hex')
const documentId = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
const ownerEntry = Buffer.alloc(32, 7)
const permissions = Buffer.from([0xfc, 0xff, 0xff, 0xff])

const md5 = (...parts: Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest()

const rc4 = (key: Buffer, data: Buffer): Buffer => {
  const state = Array.from({ length: 256 }, (_, at) => at)
  const swap = (a: number, b: number): void => {
    const kept = state[a] ?? 0
    state[a] = state[b] ?? 0
    state[b] = kept
  }
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + (state[i] ?? 0) + (key[i % key.length] ?? 0)) % 256
    swap(i, j)
  }
  let i = 0
  let j = 0
  return Buffer.from(
    data.map((byte) => {
      i = (i + 1) % 256
      j = (j + (state[i] ?? 0)) % 256
      swap(i, j)
      return byte ^ (state[((state[i] ?? 0) + (state[j] ?? 0)) % 256] ?? 0)
    }),
  )
}

/** The 40-bit key of the standard handler, revision 2 (PDF 1.7, 7.6.3.3), for the empty user password. */
const fileKey = md5(padding, ownerEntry, permissions, documentId).subarray(0, 5)

const objectKey = (number: number): Buffer => md5(fileKey, Buffer.from([number, 0, 0, 0, 0])).subarray(0, 10)

const drawing = ({ x, y, size = 11, text, isBold, isMono }: MadeText): string => {
  const font = isBold ? 'F2' : isMono ? 'F3' : 'F1'
  return `BT /${font} ${size} Tf 1 0 0 1 ${x} ${y} Tm (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`
}

const stream = (number: number, content: string, lock: PdfOptions['lock']): Buffer => {
  const plain = Buffer.from(content, 'latin1')
  const bytes = lock ? rc4(objectKey(number), plain) : plain
  return Buffer.concat([Buffer.from(`<< /Length ${bytes.length} >>\nstream\n`), bytes, Buffer.from('\nendstream')])
}

const font = (name: string): string => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`

const lockEntry = (lock: 'empty' | 'locked'): string => {
  const user = lock === 'empty' ? rc4(fileKey, padding) : Buffer.alloc(32, 9)
  return `<< /Filter /Standard /V 1 /R 2 /O <${ownerEntry.toString('hex')}> /U <${user.toString('hex')}> /P -4 >>`
}

/** Writes a PDF with the given texts on its pages, US letter. */
export const makePdf = (pages: MadeText[][], { title, lock }: PdfOptions = {}): Buffer => {
  const kids = pages.map((_, at) => `${6 + at * 2} 0 R`).join(' ')
  const objects: (string | Buffer)[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    font('Courier'),
  ]
  for (const [at, texts] of pages.entries()) {
    const fonts = '<< /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >>'
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources ${fonts} /Contents ${7 + at * 2} 0 R >>`,
    )
    objects.push(stream(7 + at * 2, texts.map(drawing).join('\n'), lock))
  }
  objects.push(title && !lock ? `<< /Title (${title}) >>` : '<< >>', lock ? lockEntry(lock) : '<< >>')
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n')]
  let start = parts[0]?.length ?? 0
  const offsets = objects.map((object, at) => {
    const offset = start
    const whole = Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')])
    parts.push(whole)
    start += whole.length
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const id = documentId.toString('hex')
  const encrypt = lock ? ` /Encrypt ${objects.length} 0 R` : ''
  const trailer = `<< /Size ${objects.length + 1} /Root 1 0 R /Info ${objects.length - 1} 0 R /ID [<${id}> <${id}>]${encrypt} >>`
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n${trailer}\nstartxref\n${start}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

/** Running text set line by line from a height downwards, as a column of a page. */
export const column = (lines: string[], x: number, top: number, leading = 14): MadeText[] =>
  lines.map((text, at) => ({ x, y: top - at * leading, text }))

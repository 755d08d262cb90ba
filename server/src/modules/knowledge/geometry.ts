/**
 * Where the lines of a page stand, packed: as JSON it is as long as the page's text, and a database parses each of its
 * 250 numbers by itself (docs/measurements.md, "Cost").
 */
import type { ParsedLine } from '#modules/parsing'

/** The first byte; raise it with the layout. */
const version = 1
/** Two numbers of 32 bits, start and length, and four of 16: x, y, width, height in ten-thousandths of the page. */
const lineBytes = 16
const unit = 10_000

/** Base64 of the version and {start, length, x, y, width, height} of each line, big-endian. */
export const packLines = (lines: readonly ParsedLine[]): string => {
  const bytes = Buffer.alloc(1 + lineBytes * lines.length)
  let at = bytes.writeUInt8(version)
  for (const { start, end, x, y, width, height } of lines) {
    at = bytes.writeUInt32BE(start, at)
    at = bytes.writeUInt32BE(end - start, at)
    for (const share of [x, y, width, height]) at = bytes.writeUInt16BE(Math.round(share * unit), at)
  }
  return bytes.toString('base64')
}

/** The lines that `packLines` packed. @throws Error when the bytes are of another version */
export const unpackLines = (packed: string): ParsedLine[] => {
  const bytes = Buffer.from(packed, 'base64')
  if (bytes[0] !== version) throw new Error(`page geometry ${bytes[0]} cannot be read, only ${version}`)
  return Array.from({ length: (bytes.length - 1) / lineBytes }, (_, line) => {
    const at = 1 + lineBytes * line
    const start = bytes.readUInt32BE(at)
    const share = (number: number): number => bytes.readUInt16BE(at + 8 + 2 * number) / unit
    return {
      start,
      end: start + bytes.readUInt32BE(at + 4),
      x: share(0),
      y: share(1),
      width: share(2),
      height: share(3),
    }
  })
}

/** What the bytes of a text file are written in. */
export type Charset = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'windows-1256'

const byteOrderMark = (bytes: Buffer): Charset | undefined => {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

/** A head may end inside a character: up to three bytes of it are forgiven. */
const isUtf8 = (bytes: Buffer, isWhole: boolean): boolean => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    decoder.decode(bytes, { stream: !isWhole })
    return true
  } catch {
    return false
  }
}

interface ByteCounts {
  letters: number
  high: number
  controls: number
  /** 0xC7 and 0xE1: alef and lam in windows-1256, a sixth of all Arabic letters; rare elsewhere. */
  alefLam: number
  /** Bytes that windows-1252 has no character for. */
  unassigned: number
}

const unassigned1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])
const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
const isControl = (byte: number): boolean => byte < 0x09 || (byte > 0x0d && byte < 0x20)

const countBytes = (bytes: Buffer): ByteCounts => {
  const counts: ByteCounts = {
    letters: 0,
    high: 0,
    controls: 0,
    alefLam: 0,
    unassigned: 0,
  }
  for (const byte of bytes) {
    if (byte >= 0x80) counts.high += 1
    else if (isLetter(byte)) counts.letters += 1
    else if (isControl(byte)) counts.controls += 1
    if (byte === 0xc7 || byte === 0xe1) counts.alefLam += 1
    if (unassigned1252.has(byte)) counts.unassigned += 1
  }
  return counts
}

/** Zero bytes on every other place are the high halves of UTF-16 without a mark. */
const unmarkedUtf16 = (bytes: Buffer): Charset | undefined => {
  const zeros = [0, 0]
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const most = bytes.length * 0.3
  if (odd > most && even < odd / 50) return 'utf-16le'
  return even > most && odd < even / 50 ? 'utf-16be' : undefined
}

const legacy = (counts: ByteCounts): Charset | undefined => {
  if (counts.alefLam > counts.high * 0.12 && counts.high > counts.letters) return 'windows-1256'
  const isWestern = counts.high < counts.letters * 0.3 && counts.unassigned === 0
  return isWestern ? 'windows-1252' : undefined
}

/**
 * What a text file is written in, or undefined when the bytes are no text that can be read with confidence.
 * `isWhole` says that `bytes` is the whole file and not its head.
 */
export const detectCharset = (bytes: Buffer, isWhole: boolean): Charset | undefined => {
  const marked = byteOrderMark(bytes)
  if (marked) return marked
  const utf16 = unmarkedUtf16(bytes)
  if (utf16) return utf16
  const counts = countBytes(bytes)
  // A stray NUL or form feed is cleaned away later; more than that is no text.
  if (counts.controls > Math.max(2, bytes.length / 200)) return undefined
  return isUtf8(bytes, isWhole) ? 'utf-8' : legacy(counts)
}

/** Decodes text; malformed sequences become U+FFFD. A byte order mark is dropped. */
export const decodeText = (bytes: Buffer, charset: Charset): string => new TextDecoder(charset).decode(bytes)

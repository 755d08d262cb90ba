/** Media types told by their first bytes: [type, offset, bytes as latin1]. The longest of a family stands first. */
const signatures: [type: string, offset: number, bytes: string][] = [
  ['application/pdf', 0, '%PDF-'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF87a'],
  ['image/gif', 0, 'GIF89a'],
  ['image/webp', 8, 'WEBP'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['image/avif', 4, 'ftypavif'],
  ['image/heic', 4, 'ftyphei'],
  ['image/heic', 4, 'ftypmif1'],
  ['image/jp2', 0, '\0\0\0\x0cjP  '],
  ['audio/wav', 8, 'WAVE'],
  ['audio/aiff', 8, 'AIFF'],
  ['audio/ogg', 0, 'OggS'],
  ['audio/flac', 0, 'fLaC'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/amr', 0, '#!AMR'],
  ['audio/mp4', 4, 'ftypM4A'],
  ['audio/mp4', 4, 'ftypM4B'],
  // What browsers record speech into; a video in it has a sound track that can be transcribed too.
  ['audio/webm', 0, '\x1a\x45\xdf\xa3'],
  ['application/zip', 0, 'PK\x03\x04'],
  ['application/zip', 0, 'PK\x05\x06'],
  ['application/x-ole-storage', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['application/rtf', 0, '{\\rtf'],
  ['application/gzip', 0, '\x1f\x8b'],
  ['application/x-executable', 0, '\x7fELF'],
  ['application/postscript', 0, '%!PS'],
]

/** An MPEG audio frame without a tag before it: 11 set bits, then a layer and a bit rate that exist. */
const isMpegFrame = (head: Buffer): boolean => {
  const [sync = 0, version = 0, rate = 0] = head
  return sync === 0xff && (version & 0xe0) === 0xe0 && (version & 0x06) !== 0 && rate >> 4 !== 0xf && rate >> 4 !== 0
}

/** A BMP says its own pixel offset and header size; 'BM' alone is also how a text may begin. */
const isBitmap = (head: Buffer): boolean =>
  head.toString('latin1', 0, 2) === 'BM' &&
  head.length > 18 &&
  head.readUInt16LE(6) === 0 &&
  head.readUInt16LE(16) === 0

/** The media type that the first bytes prove, or undefined for text and unknown kinds. */
export const matchSignature = (head: Buffer): string | undefined => {
  for (const [type, offset, bytes] of signatures) {
    const isInContainer = offset < 8 || /^(RIFF|FORM)/.test(head.toString('latin1', 0, 4))
    if (isInContainer && head.toString('latin1', offset, offset + bytes.length) === bytes) return type
  }
  if (isBitmap(head)) return 'image/bmp'
  // UTF-16 text also begins with 0xFF; its mark 0xFE has a layer of 3, so it is told apart before.
  return head[1] !== 0xfe && isMpegFrame(head) ? 'audio/mpeg' : undefined
}

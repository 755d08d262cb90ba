import { crc32, deflateRawSync } from 'node:zlib'

/** An entry of a made archive; what it claims may differ from what it holds. */
export interface MadeEntry {
  name: string
  data: string | Buffer
  isStored?: boolean
  claimedSize?: number
  isEncrypted?: boolean
  /** Points at the local header of an earlier entry, as overlapping bombs do. */
  sharesWith?: number
}

const localHeader = (
  name: Buffer,
  packed: Buffer,
  size: number,
  method: number,
  flags: number,
  crc: number,
): Buffer => {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(method, 8)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(packed.length, 18)
  header.writeUInt32LE(size, 22)
  header.writeUInt16LE(name.length, 26)
  return Buffer.concat([header, name, packed])
}

const directoryRecord = (local: Buffer, name: Buffer, offset: number): Buffer => {
  const record = Buffer.alloc(46)
  record.writeUInt32LE(0x02014b50, 0)
  record.writeUInt16LE(20, 4)
  local.copy(record, 6, 4, 30)
  record.writeUInt32LE(offset, 42)
  return Buffer.concat([record, name])
}

const makeLocal = (entry: MadeEntry): Buffer => {
  const data = Buffer.from(entry.data)
  const packed = entry.isStored ? data : deflateRawSync(data)
  const size = entry.claimedSize ?? data.length
  return localHeader(
    Buffer.from(entry.name),
    packed,
    size,
    entry.isStored ? 0 : 8,
    entry.isEncrypted ? 1 : 0,
    crc32(data),
  )
}

const endRecord = (entries: number, size: number, offset: number): Buffer => {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(0xffff, entries), 8)
  end.writeUInt16LE(Math.min(0xffff, entries), 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}

/** Writes a zip file as a program would, faults included when they are asked for. */
export const makeZip = (entries: MadeEntry[]): Buffer => {
  const locals: Buffer[] = []
  const records: Buffer[] = []
  const offsets: number[] = []
  let offset = 0
  for (const entry of entries) {
    const local = makeLocal(entry)
    const place = entry.sharesWith === undefined ? offset : (offsets[entry.sharesWith] ?? 0)
    records.push(directoryRecord(local, Buffer.from(entry.name), place))
    offsets.push(place)
    if (entry.sharesWith !== undefined) continue
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(records)
  return Buffer.concat([...locals, directory, endRecord(entries.length, directory.length, offset)])
}

const relations = (target: string, type = 'officeDocument'): string =>
  `<Relationships><Relationship Id="rId1" Type="http://x/${type}" Target="${target}"/></Relationships>`

/** The parts of a DOCX around the given body markup. */
export const docxEntries = (body: string, more: MadeEntry[] = []): MadeEntry[] => [
  {
    name: '[Content_Types].xml',
    data: '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  },
  { name: '_rels/.rels', data: relations('word/document.xml') },
  { name: 'word/document.xml', data: `<?xml version="1.0"?><w:document><w:body>${body}</w:body></w:document>` },
  ...more,
]

/** The parts of an EPUB whose spine is the given chapters. */
export const epubEntries = (chapters: string[], more: MadeEntry[] = []): MadeEntry[] => {
  const items = chapters.map((_, at) => `<item id="c${at}" href="c${at}.xhtml"/>`).join('')
  const spine = chapters.map((_, at) => `<itemref idref="c${at}"/>`).join('')
  return [
    { name: 'mimetype', data: 'application/epub+zip', isStored: true },
    {
      name: 'META-INF/container.xml',
      data: '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    },
    {
      name: 'OPS/book.opf',
      data: `<package><metadata><dc:title>A Book</dc:title><dc:language>en</dc:language></metadata><manifest>${items}</manifest><spine>${spine}</spine></package>`,
    },
    ...chapters.map((data, at) => ({ name: `OPS/c${at}.xhtml`, data: `<html><body>${data}</body></html>` })),
    ...more,
  ]
}

/** The parts of an ODT around the given text markup. */
export const odtEntries = (body: string, manifest = ''): MadeEntry[] => [
  { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', isStored: true },
  { name: 'META-INF/manifest.xml', data: `<manifest:manifest>${manifest}</manifest:manifest>` },
  {
    name: 'content.xml',
    data: `<office:document-content><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
  },
]

/** The parts of a PPTX with the given shape trees as slides. */
export const pptxEntries = (slides: string[]): MadeEntry[] => [
  {
    name: '[Content_Types].xml',
    data: '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/></Types>',
  },
  { name: '_rels/.rels', data: relations('ppt/presentation.xml') },
  {
    name: 'ppt/presentation.xml',
    data: `<p:presentation><p:sldIdLst>${slides.map((_, at) => `<p:sldId id="${256 + at}" r:id="r${at}"/>`).join('')}</p:sldIdLst></p:presentation>`,
  },
  {
    name: 'ppt/_rels/presentation.xml.rels',
    data: `<Relationships>${slides.map((_, at) => `<Relationship Id="r${at}" Type="http://x/slide" Target="slides/s${at}.xml"/>`).join('')}</Relationships>`,
  },
  ...slides.map((tree, at) => ({
    name: `ppt/slides/s${at}.xml`,
    data: `<p:sld><p:cSld><p:spTree>${tree}</p:spTree></p:cSld></p:sld>`,
  })),
]

import type { DocumentFailure } from '@lyceum/contract/errors'
import { type Archive, openArchive } from './archive/archive.ts'
import { sentences, toFailure, UnreadableFile } from './failure.ts'
import { matchSignature } from './signatures.ts'
import { type Charset, decodeText, detectCharset } from './text/encoding.ts'
import type { ParseFailure, ReadableType } from './types.ts'

/** How many of a file's first bytes `detectMediaType` wants; a shorter head is taken to be the whole file. */
export const headBytes = 64 * 1024

/** `document` is read by `parseFile`; `image` and `audio` are stored for an engine that may be set later. */
export type Detected =
  | { ok: true; kind: 'document'; mediaType: ReadableType }
  | {
      ok: true
      kind: 'image' | 'audio'
      mediaType: `image/${string}` | `audio/${string}`
    }
  | ParseFailure

const unsupported = (message: string = sentences.unsupported): UnreadableFile =>
  new UnreadableFile('document_unsupported' satisfies DocumentFailure, message)

const mimeTypes: Record<string, ReadableType> = {
  'application/epub+zip': 'application/epub+zip',
  'application/vnd.oasis.opendocument.text': 'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.text-template': 'application/vnd.oasis.opendocument.text',
}

/** The main part's content type says what an Office file is, templates and files with macros included. */
const officeMarks: [RegExp, ReadableType][] = [
  [
    /(wordprocessingml\.(document|template)|ms-word\.(document|template)\.macroEnabled)\.?[a-z]*\.?main\+xml/i,
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  [
    /(presentationml\.(presentation|slideshow|template)|ms-powerpoint\.(presentation|slideshow|template)\.macroEnabled)\.main\+xml/i,
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  ],
]

const readShort = async (archive: Archive, name: string): Promise<string> =>
  (await archive.read(name))?.toString('utf8') ?? ''

const detectArchive = async (path: string): Promise<ReadableType> => {
  const archive = await openArchive(path)
  try {
    const byMimeEntry = mimeTypes[(await readShort(archive, 'mimetype')).trim()]
    if (byMimeEntry) return byMimeEntry
    if (archive.has('META-INF/container.xml')) return 'application/epub+zip'
    const contentTypes = await readShort(archive, '[Content_Types].xml')
    const office = officeMarks.find(([mark]) => mark.test(contentTypes))
    if (office) return office[1]
    throw unsupported()
  } finally {
    await archive.close()
  }
}

/** An Office file with a password is an OLE container around an 'EncryptedPackage'; other OLE files are too old. */
const refuseOle = (head: Buffer): UnreadableFile =>
  head.includes(Buffer.from('EncryptedPackage', 'utf16le'))
    ? new UnreadableFile('document_encrypted', sentences.locked)
    : unsupported('An Office file of a kind from before 2007. Save it as DOCX, PPTX or PDF and upload that.')

const extension = (fileName: string): string => /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? ''

const htmlStart = /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html|head|body)[\s>]/i
const xmlStart = /^\s*(<\?xml|<svg[\s>]|<!DOCTYPE\s+(?!html))/i

/** Among text kinds alone the name has a say, since Markdown and plain text cannot be told by their bytes. */
const detectText = (head: Buffer, charset: Charset, fileName: string): ReadableType => {
  const text = decodeText(head, charset).slice(0, 4000)
  if (htmlStart.test(text)) return 'text/html'
  if (xmlStart.test(text))
    throw unsupported('An XML file of a kind that is not read. Save it as HTML, PDF or plain text.')
  const name = extension(fileName)
  if (name === 'md' || name === 'markdown' || name === 'mdx') return 'text/markdown'
  return (name === 'html' || name === 'htm' || name === 'xhtml') && /<[a-z]/i.test(text) ? 'text/html' : 'text/plain'
}

const document = (mediaType: ReadableType): Detected => ({
  ok: true,
  kind: 'document',
  mediaType,
})

const detect = async (head: Buffer, fileName: string, path: string): Promise<Detected> => {
  if (head.length === 0) throw new UnreadableFile('document_empty', sentences.empty)
  const proven = matchSignature(head)
  if (proven === 'application/pdf') return document(proven)
  if (proven === 'application/zip') return document(await detectArchive(path))
  if (proven === 'application/x-ole-storage') throw refuseOle(head)
  if (proven?.startsWith('image/')) return { ok: true, kind: 'image', mediaType: proven as `image/${string}` }
  if (proven?.startsWith('audio/')) return { ok: true, kind: 'audio', mediaType: proven as `audio/${string}` }
  if (proven) throw unsupported()
  const charset = detectCharset(head, head.length < headBytes)
  if (charset) return document(detectText(head, charset, fileName))
  // Readers of PDF take up to 1,024 bytes of other matter before the header.
  if (head.subarray(0, 1024).includes('%PDF-')) return document('application/pdf')
  throw unsupported()
}

/**
 * What a file is, by its bytes; the name only breaks ties between kinds of text. `head` is its first `headBytes`
 * bytes, `path` where it lies (an archive's directory stands at its end). Archives are weighed on the way, so a bomb
 * is refused here without unpacking anything but two small entries.
 */
export const detectMediaType = async (head: Buffer, fileName: string, path: string): Promise<Detected> => {
  try {
    return await detect(head, fileName, path)
  } catch (error) {
    // A file that cannot be opened is the caller's fault or the disk's, not the document's.
    if (error instanceof Error && 'syscall' in error) throw error
    return toFailure(error)
  }
}

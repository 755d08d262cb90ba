import { posix } from 'node:path'
import type { Archive } from '../archive/archive.ts'
import { composePage } from '../blocks.ts'
import { cleanLine } from '../clean.ts'
import { sentences, UnreadableFile } from '../failure.ts'
import type { ParsedPage, Reader } from '../types.ts'
import { htmlBlocks } from './html-blocks.ts'
import { type Element, findAll, findFirst, nothing, parseXml, textOf } from './markup.ts'
import { readPart, requirePart, withArchive } from './package.ts'

/** Obfuscated fonts are no lock; an encrypted chapter is. */
const isLocked = async (archive: Archive): Promise<boolean> => {
  const root = await readPart(archive, 'META-INF/encryption.xml')
  const targets = findAll(root, 'CipherReference').map((each) => each.attributes.URI ?? '')
  return targets.some((target) => /\.(x?html?|xml|opf|ncx)$/i.test(target))
}

const decodeName = (href: string): string => {
  try {
    return decodeURIComponent(href)
  } catch {
    return href
  }
}

/** The parts of the spine in reading order; a reference to nothing keeps its place, so that numbers hold. */
const spineParts = (book: Element, folder: string): (string | undefined)[] => {
  const manifest = new Map(
    findAll(findFirst(book, 'manifest') ?? nothing, 'item').map(({ attributes }) => [attributes.id, attributes.href]),
  )
  return findAll(findFirst(book, 'spine') ?? nothing, 'itemref').map(({ attributes }) => {
    const href = manifest.get(attributes.idref)
    return href === undefined ? undefined : posix.join(folder, decodeName(href.split('#')[0] ?? ''))
  })
}

const readChapter = async (archive: Archive, part: string | undefined, number: number): Promise<ParsedPage> => {
  const bytes = part === undefined ? undefined : await archive.read(part)
  return composePage(number, bytes ? htmlBlocks(parseXml(bytes)) : [])
}

/** EPUB: a page per item of the spine. */
export const readEpub: Reader = (context) =>
  withArchive(context.path, async (archive) => {
    if (await isLocked(archive)) {
      throw new UnreadableFile('document_encrypted', 'Locked by its seller (DRM). Upload a copy without the lock.')
    }
    const container = await requirePart(archive, 'META-INF/container.xml')
    const bookPart = findFirst(container, 'rootfile')?.attributes['full-path']
    const book = await requirePart(archive, bookPart)
    const parts = spineParts(book, posix.dirname(bookPart ?? ''))
    if (parts.length === 0) throw new UnreadableFile('document_empty', sentences.blank)
    context.start(parts.length)
    for (const [index, part] of parts.entries()) await context.send(await readChapter(archive, part, index + 1))
    const metadata = findFirst(book, 'metadata') ?? nothing
    return {
      title: cleanLine(textOf(findFirst(metadata, 'title') ?? nothing)) || null,
      languageHint: cleanLine(textOf(findFirst(metadata, 'language') ?? nothing)) || null,
    }
  })

import { posix } from 'node:path'
import { type Archive, openArchive } from '../archive/archive.ts'
import { cleanLine } from '../clean.ts'
import { sentences, UnreadableFile } from '../failure.ts'
import { type Element, elementsOf, findFirst, nothing, parseXml, textOf } from './markup.ts'

/** Opens an archive, hands it to a reader and closes it again. */
export const withArchive = async <T>(path: string, use: (archive: Archive) => Promise<T>): Promise<T> => {
  const archive = await openArchive(path)
  try {
    return await use(archive)
  } finally {
    await archive.close()
  }
}

/** A part's markup; an empty element when the archive has no such part. */
export const readPart = async (archive: Archive, name: string): Promise<Element> => {
  const bytes = await archive.read(name)
  return bytes ? parseXml(bytes) : nothing
}

/** A part without which there is no document. Throws `document_corrupt`. */
export const requirePart = async (archive: Archive, name: string | undefined): Promise<Element> => {
  const bytes = name === undefined ? undefined : await archive.read(name)
  if (!bytes) throw new UnreadableFile('document_corrupt', sentences.damaged, new Error(`no part ${name}`))
  return parseXml(bytes)
}

export interface Relation {
  id: string
  /** The last word of its type: `slide`, `footnotes`, `officeDocument`. */
  type: string
  target: string
}

/** What a part points to inside the package; links to the outside are left out. */
export const readRelations = async (archive: Archive, part: string): Promise<Relation[]> => {
  const { dir, base } = posix.parse(part)
  const root = await readPart(archive, posix.join(dir, '_rels', `${base}.rels`))
  const relations = findFirst(root, 'Relationships')
  return elementsOf(relations ?? nothing)
    .filter((each) => each.attributes.TargetMode !== 'External')
    .map(({ attributes }) => ({
      id: attributes.Id ?? '',
      type: (attributes.Type ?? '').split('/').at(-1) ?? '',
      target: resolveTarget(dir, attributes.Target ?? ''),
    }))
}

const resolveTarget = (folder: string, target: string): string =>
  target.startsWith('/') ? target.slice(1) : posix.join(folder, target)

/** The part that the package says is its main one. */
export const mainPart = async (archive: Archive): Promise<string | undefined> =>
  (await readRelations(archive, '')).find((each) => each.type === 'officeDocument')?.target

/** The title and language that Office and OpenDocument files carry in their properties. */
export const readProperties = async (
  archive: Archive,
  part: string,
): Promise<{ title: string | null; language: string | null }> => {
  const root = await readPart(archive, part)
  const read = (name: string): string => cleanLine(textOf(findFirst(root, name) ?? nothing))
  return { title: read('title') || null, language: read('language') || null }
}

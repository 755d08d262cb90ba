import type { Block } from '../blocks.ts'
import { cleanText } from '../clean.ts'
import { sentences, UnreadableFile } from '../failure.ts'
import { sendBlocks } from '../text/read-plain.ts'
import type { Reader } from '../types.ts'
import { childOf, type Element, elementsOf, findAll, findFirst, nothing } from './markup.ts'
import { formulaText } from './math.ts'
import { readPart, readProperties, requirePart, withArchive } from './package.ts'
import { tableBlocks } from './tables.ts'

/** Comments, deleted text and the table of contents' template are not the text. */
const unseen = new Set([
  'annotation',
  'annotation-end',
  'tracked-changes',
  'sequence-decls',
  'forms',
  'index-title-template',
])

interface Inline {
  text: string
  notes: Element[]
  boxes: Element[]
}

const takers: Record<string, (element: Element, into: Inline) => void> = {
  s: ({ attributes }, into) => {
    into.text += ' '.repeat(Math.min(100, Number(attributes.c ?? 1)))
  },
  tab: (_, into) => {
    into.text += '\t'
  },
  'line-break': (_, into) => {
    into.text += '\n'
  },
  math: (element, into) => {
    into.text += formulaText(element)
  },
  'text-box': (element, into) => {
    into.boxes.push(element)
  },
  note: (element, into) => {
    const sign = elementsOf(childOf(element, 'note-citation') ?? nothing)
    const label = (childOf(element, 'note-citation')?.children ?? [])
      .filter((each) => typeof each === 'string')
      .join('')
    into.text += sign.length > 0 || label === '' ? '[*]' : `[${label}]`
    into.notes.push(element)
  },
}

const take = (child: Element | string, into: Inline): void => {
  // White space in OpenDocument is collapsed; what is meant is written as elements.
  if (typeof child === 'string') into.text += child.replace(/\s+/g, ' ')
  else if (takers[child.name]) takers[child.name]?.(child, into)
  else if (!unseen.has(child.name)) for (const each of child.children) take(each, into)
}

const readInline = (element: Element): Inline => {
  const inline: Inline = { text: '', notes: [], boxes: [] }
  for (const child of element.children) take(child, inline)
  return {
    ...inline,
    text: cleanText(inline.text)
      .replace(/[ \t]+/g, ' ')
      .trim(),
  }
}

const noteBlock = (note: Element): Block => {
  const label = (childOf(note, 'note-citation')?.children ?? []).filter((each) => typeof each === 'string').join('')
  const text = bodyBlocks(childOf(note, 'note-body') ?? nothing).map((block) => block.text)
  return { kind: 'paragraph', text: `[${label || '*'}] ${text.join(' ')}` }
}

const around = ({ notes, boxes }: Inline): Block[] => [...boxes.flatMap(bodyBlocks), ...notes.map(noteBlock)]

const headingBlocks = (element: Element): Block[] => {
  const inline = readInline(element)
  const level = Math.min(6, Math.max(1, Number(element.attributes['outline-level'] ?? 1)))
  return [{ kind: 'heading', level, text: inline.text.replace(/\s+/g, ' ') }, ...around(inline)]
}

const isCode = (element: Element): boolean => /preformatted|source|code/i.test(element.attributes['style-name'] ?? '')

const paragraphBlocks = (element: Element): Block[] => {
  const inline = readInline(element)
  return [{ kind: isCode(element) ? 'code' : 'paragraph', text: inline.text }, ...around(inline)]
}

const listBlocks = (list: Element, depth: number): Block[] =>
  elementsOf(list).flatMap((entry) =>
    elementsOf(entry).flatMap((each, at): Block[] => {
      if (each.name === 'list') return listBlocks(each, depth + 1)
      const sign = at === 0 ? '- ' : '  '
      const indent = '  '.repeat(Math.min(depth, 4)) + sign
      return blocksOf(each).map((block) =>
        block.kind === 'paragraph' ? { kind: 'item', text: indent + block.text } : block,
      )
    }),
  )

const rowsOf = (table: Element): Element[][] =>
  findAll(table, 'table-row').map((row) =>
    elementsOf(row).filter((cell) => cell.name === 'table-cell' || cell.name === 'covered-table-cell'),
  )

const blocksOf = (element: Element): Block[] => {
  if (unseen.has(element.name)) return []
  if (element.name === 'h') return headingBlocks(element)
  if (element.name === 'p') return paragraphBlocks(element)
  if (element.name === 'list') return listBlocks(element, 0)
  if (element.name === 'table') return tableBlocks(rowsOf(element), bodyBlocks)
  return bodyBlocks(element)
}

const bodyBlocks = (body: Element): Block[] => elementsOf(body).flatMap(blocksOf)

/** ODT: headings by outline level, lists, tables, notes after their paragraph, text boxes. */
export const readOdt: Reader = (context) =>
  withArchive(context.path, async (archive) => {
    // With a password the entries are no zip-encrypted ones: the manifest says what the bytes are.
    const manifest = await readPart(archive, 'META-INF/manifest.xml')
    if (findFirst(manifest, 'encryption-data')) throw new UnreadableFile('document_encrypted', sentences.locked)
    const root = await requirePart(archive, 'content.xml')
    const blocks = bodyBlocks(findFirst(root, 'body') ?? nothing).filter((block) => block.text.trim() !== '')
    await sendBlocks(context, blocks)
    const { title, language } = await readProperties(archive, 'meta.xml')
    return {
      title: title ?? blocks.find((block) => block.kind === 'heading')?.text ?? null,
      languageHint: language,
    }
  })

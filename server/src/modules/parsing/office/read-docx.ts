import type { Archive } from '../archive/archive.ts'
import type { Block } from '../blocks.ts'
import { cleanText } from '../clean.ts'
import { sendBlocks } from '../text/read-plain.ts'
import type { Reader } from '../types.ts'
import { readNumbering, readStyles, type StyleMeaning, startListCounter } from './docx-styles.ts'
import { chooseAlternative, type Inline, readCode, readInline } from './docx-text.ts'
import { childOf, type Element, elementsOf, findAll, nothing } from './markup.ts'
import { mainPart, readPart, readProperties, readRelations, requirePart, withArchive } from './package.ts'
import { tableBlocks } from './tables.ts'

/** What the other parts of the package say about the text. */
interface Surroundings {
  styles: Map<string, StyleMeaning>
  /** Without a heading style anywhere, short paragraphs in bold type are the headings. */
  hasHeadingStyles: boolean
  listSign: (numId: string, depth: number) => string
  /** Paragraphs of a foot- or endnote by 'footnote:3'. */
  notes: Map<string, Element>
  /** The number that each note got when the text first referred to it. */
  noteNumbers: Map<string, number>
}

const plain: StyleMeaning = { level: 0, isCode: false, numId: undefined }

const outlineLevel = (properties: Element | undefined): number => {
  const value = childOf(properties, 'outlineLvl')?.attributes.val
  return value !== undefined && Number(value) < 6 ? Number(value) + 1 : 0
}

const listPlace = (
  properties: Element | undefined,
  style: StyleMeaning,
): { numId: string; depth: number } | undefined => {
  const own = childOf(properties, 'numPr')
  const numId = childOf(own, 'numId')?.attributes.val ?? style.numId
  if (numId === undefined || numId === '0') return undefined
  return { numId, depth: Number(childOf(own, 'ilvl')?.attributes.val ?? 0) }
}

const noteBlock = (key: string, around: Surroundings): Block[] => {
  const note = around.notes.get(key)
  const number = around.noteNumbers.get(key)
  if (!note || number === undefined) return []
  const text = findAll(note, 'p').map((each) => readInline(each, () => '').text)
  return [{ kind: 'paragraph', text: `[${number}] ${text.join(' ').trim()}` }]
}

const chapter = /^(chapter|kapitel|bab|part|teil|bagian|الفصل|الباب)\s/iu

/** The level of a paragraph that is only by its type a heading; 0 for none. */
const boldLevel = ({ text, isBold }: Inline): number => {
  if (!isBold || text.length > 100 || !/\p{L}{2}/u.test(text)) return 0
  if (chapter.test(text)) return 1
  return /[.!?:;,]$/.test(text) ? 0 : 2
}

const toBlock = (inline: Inline, properties: Element | undefined, style: StyleMeaning, around: Surroundings): Block => {
  const list = listPlace(properties, style)
  const byType = around.hasHeadingStyles || list ? 0 : boldLevel(inline)
  const level = outlineLevel(properties) || style.level || byType
  if (level > 0) return { kind: 'heading', level, text: inline.text.replace(/\s+/g, ' ') }
  if (!list) return { kind: 'paragraph', text: inline.text }
  return { kind: 'item', text: around.listSign(list.numId, list.depth) + inline.text }
}

const paragraphBlocks = (paragraph: Element, around: Surroundings): Block[] => {
  const properties = childOf(paragraph, 'pPr')
  const style = around.styles.get(childOf(properties, 'pStyle')?.attributes.val ?? '') ?? plain
  const inline = readInline(paragraph, (kind, id) => {
    const key = `${kind}:${id}`
    const number = around.noteNumbers.get(key) ?? around.noteNumbers.size + 1
    around.noteNumbers.set(key, number)
    return `[${number}]`
  })
  const boxes = inline.boxes.flatMap((box) => bodyBlocks(box, around))
  const notes = inline.notes.flatMap(({ kind, id }) => noteBlock(`${kind}:${id}`, around))
  if (inline.text === '') return [...boxes, ...notes]
  if (style.isCode) return [{ kind: 'code', text: readCode(paragraph) }, ...boxes, ...notes]
  return [toBlock(inline, properties, style, around), ...boxes, ...notes]
}

const blocksOf = (element: Element, around: Surroundings): Block[] => {
  if (element.name === 'p') return paragraphBlocks(element, around)
  if (element.name === 'tbl') return tableBlocks(rowsOf(element), (cell) => bodyBlocks(cell, around))
  if (element.name === 'AlternateContent') return chooseAlternative(element).flatMap((each) => blocksOf(each, around))
  return element.name === 'del' || element.name === 'moveFrom' ? [] : bodyBlocks(element, around)
}

const bodyBlocks = (body: Element, around: Surroundings): Block[] =>
  elementsOf(body).flatMap((each) => blocksOf(each, around))

const rowsOf = (table: Element): Element[][] =>
  elementsOf(table)
    .flatMap((each) => (each.name === 'tr' ? [each] : findAll(each, 'tr')))
    .map((row) => elementsOf(row).flatMap((each) => (each.name === 'tc' ? [each] : findAll(each, 'tc'))))

/** Lines of code are paragraphs of their own in Word; here they are one block. */
const joinCode = (blocks: Block[]): Block[] => {
  const joined: Block[] = []
  for (const block of blocks) {
    const last = joined.at(-1)
    if (block.kind === 'code' && last?.kind === 'code') last.text += `\n${block.text}`
    else joined.push({ ...block })
  }
  return joined
}

const readSurroundings = async (archive: Archive, main: string, root: Element): Promise<Surroundings> => {
  const relations = await readRelations(archive, main)
  const read = async (type: string): Promise<Element> => {
    const target = relations.find((each) => each.type === type)?.target
    return target === undefined ? nothing : readPart(archive, target)
  }
  const notes = new Map<string, Element>()
  for (const kind of ['footnote', 'endnote']) {
    for (const note of findAll(await read(`${kind}s`), kind)) notes.set(`${kind}:${note.attributes.id}`, note)
  }
  const styles = readStyles(await read('styles'))
  const used = findAll(root, 'pStyle').map((each) => styles.get(each.attributes.val ?? ''))
  return {
    styles,
    hasHeadingStyles: used.some((style) => (style?.level ?? 0) > 0),
    listSign: startListCounter(readNumbering(await read('numbering'))),
    notes,
    noteNumbers: new Map(),
  }
}

/** DOCX: headings by style, lists, tables, notes after their paragraph, text boxes; cut into pages of some 3,000 characters. */
export const readDocx: Reader = (context) =>
  withArchive(context.path, async (archive) => {
    const main = (await mainPart(archive)) ?? 'word/document.xml'
    const root = await requirePart(archive, main)
    const around = await readSurroundings(archive, main, root)
    const blocks = joinCode(bodyBlocks(root, around)).map((block) => ({
      ...block,
      text: cleanText(block.text),
    }))
    await sendBlocks(context, blocks)
    const { title, language } = await readProperties(archive, 'docProps/core.xml')
    const heading = blocks.find((block) => block.kind === 'heading')?.text ?? null
    return { title: title ?? heading, languageHint: language }
  })

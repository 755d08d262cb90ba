import type { Archive } from '../archive/archive.ts'
import { type Block, composePage } from '../blocks.ts'
import { cleanLine, cleanText } from '../clean.ts'
import { UnreadableFile } from '../failure.ts'
import type { Reader } from '../types.ts'
import { childOf, type Element, elementsOf, findAll, findFirst, nothing } from './markup.ts'
import { formulaText } from './math.ts'
import { mainPart, readPart, readProperties, readRelations, requirePart, withArchive } from './package.ts'
import { tableBlocks } from './tables.ts'

const runText = (element: Element): string => {
  if (element.name === 'br') return '\n'
  if (element.name === 'oMath') return formulaText(element)
  if (element.name === 't') return element.children.filter((child) => typeof child === 'string').join('')
  return elementsOf(element).map(runText).join('')
}

/** Paragraphs of a shape; those that are indented are points of a list. */
const paragraphs = (body: Element, isList: boolean): Block[] =>
  findAll(body, 'p').flatMap((paragraph): Block[] => {
    const text = cleanText(runText(paragraph))
      .replace(/[ \t]+/g, ' ')
      .trim()
    if (text === '') return []
    const depth = Number(childOf(paragraph, 'pPr')?.attributes.lvl ?? 0)
    const isPlain = childOf(childOf(paragraph, 'pPr'), 'buNone') !== undefined
    if (!isList || isPlain) return [{ kind: 'paragraph', text }]
    return [
      {
        kind: 'item',
        text: `${'  '.repeat(Math.min(depth, 4))}- ${text.replaceAll('\n', ' ')}`,
      },
    ]
  })

/** What the layout says a shape is for: `title`, `ctrTitle`, `body`, `sldNum`, ...; undefined for a free shape. */
const placeholderOf = (shape: Element): string | undefined => {
  const place = findFirst(childOf(shape, 'nvSpPr') ?? nothing, 'ph')
  return place && (place.attributes.type ?? 'body')
}

/** Numbers, dates and running feet repeat on every slide. */
const furniture = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg'])

const shapeBlocks = (shape: Element): Block[] => {
  const body = childOf(shape, 'txBody')
  const place = placeholderOf(shape)
  if (!body || (place && furniture.has(place))) return []
  if (place !== 'title' && place !== 'ctrTitle') return paragraphs(body, place === 'body' || place === 'obj')
  const text = paragraphs(body, false)
    .map((block) => block.text)
    .join(' ')
  return [{ kind: 'heading', level: 1, text: cleanLine(text) }]
}

const rowsOf = (table: Element): Element[][] => findAll(table, 'tr').map((row) => findAll(row, 'tc'))

const treeBlocks = (tree: Element): Block[] =>
  elementsOf(tree).flatMap((each): Block[] => {
    if (each.name === 'sp') return shapeBlocks(each)
    if (each.name === 'tbl') return tableBlocks(rowsOf(each), (cell) => paragraphs(cell, false))
    if (each.name === 'AlternateContent')
      return treeBlocks(childOf(each, 'Choice') ?? childOf(each, 'Fallback') ?? nothing)
    return treeBlocks(each)
  })

/** The title is read first wherever it stands among the shapes. */
const titleFirst = (blocks: Block[]): Block[] => [
  ...blocks.filter((block) => block.kind === 'heading'),
  ...blocks.filter((block) => block.kind !== 'heading'),
]

const noteBlocks = async (archive: Archive, slide: string): Promise<Block[]> => {
  const notes = (await readRelations(archive, slide)).find((each) => each.type === 'notesSlide')
  if (!notes) return []
  const blocks = treeBlocks(await readPart(archive, notes.target))
  const text = blocks.map((block) => block.text.replace(/^\s*- /, '')).join('\n')
  return text.trim() === '' ? [] : [{ kind: 'paragraph', text: `Notes: ${text}` }]
}

const slideBlocks = async (archive: Archive, slide: string | undefined): Promise<Block[]> => {
  if (slide === undefined) return []
  const blocks = titleFirst(treeBlocks(await readPart(archive, slide)))
  return [...blocks, ...(await noteBlocks(archive, slide))]
}

/** Slides in the order they are shown. A slide whose relation is missing keeps its number and is empty. */
const slideParts = async (archive: Archive, main: string): Promise<(string | undefined)[]> => {
  const relations = await readRelations(archive, main)
  const list = findFirst(await requirePart(archive, main), 'sldIdLst')
  const ids = elementsOf(list ?? nothing).map(({ attributes }) => attributes.relationId)
  return ids.map((id) => relations.find((each) => each.id === id)?.target)
}

/** PPTX: a page per slide, its title as heading, tables, speaker's notes at the end. */
export const readPptx: Reader = (context) =>
  withArchive(context.path, async (archive) => {
    const slides = await slideParts(archive, (await mainPart(archive)) ?? 'ppt/presentation.xml')
    if (slides.length === 0)
      throw new UnreadableFile('document_empty', 'The presentation has no slides. Upload one that has.')
    context.start(slides.length)
    let firstTitle: string | null = null
    for (const [index, slide] of slides.entries()) {
      const page = composePage(index + 1, await slideBlocks(archive, slide))
      firstTitle ??= page.headings[0]?.text ?? null
      await context.send(page)
    }
    const { title, language } = await readProperties(archive, 'docProps/core.xml')
    return {
      title: isRealTitle(title) ? title : firstTitle,
      languageHint: language,
    }
  })

const isRealTitle = (title: string | null): title is string =>
  title !== null && !/^(powerpoint|presentation$|präsentation$|slide \d|untitled)/i.test(title)

import type { Block } from '../blocks.ts'
import { cleanText } from '../clean.ts'
import { type Element, elementsOf, findAll, textOf } from './markup.ts'
import { formulaText } from './math.ts'
import { tableBlocks } from './tables.ts'

/** Not shown, or not the text: programs, forms, navigation, pictures. */
const unseen = new Set(
  'head script style noscript template nav svg iframe object button select textarea input canvas audio video rp rt form-control'.split(
    ' ',
  ),
)
const inlineNames = new Set(
  'a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark math q ruby s samp small span strike strong sub sup time tt u var wbr br img switch'.split(
    ' ',
  ),
)
const headingName = /^h([1-6])$/

/** Hidden text is not what a reader sees; formulas drawn twice are read from their source alone. */
const isHidden = ({ attributes }: Element): boolean =>
  // Page numbers of a printed edition in the midst of sentences.
  attributes.type === 'pagebreak' ||
  attributes.role === 'doc-pagebreak' ||
  attributes.hidden !== undefined ||
  (attributes['aria-hidden'] === 'true' && /katex-html|mjx/.test(attributes.class ?? '')) ||
  /display\s*:\s*none|visibility\s*:\s*hidden/i.test(attributes.style ?? '')

const isInline = (child: Element | string): boolean => typeof child === 'string' || inlineNames.has(child.name)

const inlineText = (child: Element | string): string => {
  if (typeof child === 'string') return child.replace(/[ \t\r\n\f]+/g, ' ')
  if (unseen.has(child.name) || isHidden(child)) return ''
  if (child.name === 'br') return '\n'
  if (child.name === 'math') return formulaText(child)
  const text = child.children.map(inlineText).join('')
  // A raised number is a power: '10^6' must not read '106'.
  return child.name === 'sup' && /^[-+−–]?\d+$/.test(text.trim()) ? `^${text.trim()}` : text
}

const tidy = (text: string): string =>
  cleanText(text)
    .split('\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .join('\n')
    .trim()

/** White space in preformatted text is part of it. */
const preText = (element: Element): string => cleanText(textOf(element)).replace(/^\n+/, '').trimEnd()

const listBlocks = (list: Element, depth: number): Block[] => {
  let number = Number(list.attributes.start ?? 1) || 1
  return elementsOf(list).flatMap((entry): Block[] => {
    if (entry.name === 'ol' || entry.name === 'ul') return listBlocks(entry, depth + 1)
    const blocks = flowBlocks(entry, depth + 1)
    const [first, ...rest] = blocks
    if (!first) return []
    const sign = list.name === 'ol' ? `${number}.` : '-'
    number += 1
    const indent = '  '.repeat(Math.min(depth, 4))
    if (first.kind !== 'paragraph') return blocks
    return [{ kind: 'item', text: `${indent}${sign} ${first.text}` }, ...rest]
  })
}

const rowsOf = (table: Element): Element[][] =>
  findAll(table, 'tr').map((row) => elementsOf(row).filter((cell) => cell.name === 'td' || cell.name === 'th'))

const captionBlocks = (table: Element): Block[] =>
  elementsOf(table)
    .filter((each) => each.name === 'caption')
    .flatMap((each) => flowBlocks(each, 0))

const elementBlocks = (element: Element, depth: number): Block[] => {
  if (unseen.has(element.name) || isHidden(element)) return []
  const level = headingName.exec(element.name)?.[1]
  if (level) {
    const text = tidy(element.children.map(inlineText).join('')).replace(/\s+/g, ' ')
    return [{ kind: 'heading', level: Number(level), text }]
  }
  if (element.name === 'pre') return [{ kind: 'code', text: preText(element) }]
  if (element.name === 'ul' || element.name === 'ol') return listBlocks(element, depth)
  if (element.name === 'table') {
    return [...captionBlocks(element), ...tableBlocks(rowsOf(element), (cell) => flowBlocks(cell, 0))]
  }
  return flowBlocks(element, depth)
}

/** Neighbouring inline parts are one paragraph; each block element among them starts anew. */
const flowBlocks = (element: Element, depth: number): Block[] => {
  const blocks: Block[] = []
  let inline = ''
  const flush = (): void => {
    const text = tidy(inline)
    if (text !== '') blocks.push({ kind: 'paragraph', text })
    inline = ''
  }
  for (const child of element.children) {
    if (isInline(child) && !holdsBlocks(child)) {
      inline += inlineText(child)
      continue
    }
    flush()
    if (typeof child !== 'string') blocks.push(...elementBlocks(child, depth))
  }
  flush()
  return blocks
}

/** Links and spans around whole paragraphs are allowed, and common. */
const holdsBlocks = (child: Element | string): boolean =>
  typeof child !== 'string' &&
  child.name !== 'math' &&
  elementsOf(child).some((each) => !unseen.has(each.name) && (!inlineNames.has(each.name) || holdsBlocks(each)))

/** The blocks of an HTML or XHTML document: of its `main` part where there is one. */
export const htmlBlocks = (root: Element): Block[] => {
  const mains = findAll(root, 'main')
  const bodies = mains.length > 0 ? mains : findAll(root, 'body')
  const blocks = (bodies.length > 0 ? bodies : [root]).flatMap((body) => flowBlocks(body, 0))
  return blocks.filter((block) => block.text !== '')
}

import { cleanText } from '../clean.ts'
import { childOf, type Element, elementsOf, textOf } from './markup.ts'
import { formulaText } from './math.ts'

/** A paragraph's own words, the notes it refers to and the text boxes anchored in it. */
export interface Inline {
  text: string
  notes: { kind: 'footnote' | 'endnote'; id: string }[]
  boxes: Element[]
  /** All of its words are set in bold type. */
  isBold: boolean
}

/** Deleted and moved-away text, field codes and properties are not part of what a reader sees. */
const unseen = new Set([
  'del',
  'moveFrom',
  'instrText',
  'delText',
  'pPr',
  'rPr',
  'rt',
  'sectPr',
  'tblPr',
  'commentReference',
])

const isOn = (run: Element, property: string): boolean => {
  const value = childOf(childOf(run, 'rPr'), property)
  return value !== undefined && value.attributes.val !== '0' && value.attributes.val !== 'false'
}

const isRaised = (run: Element): boolean => childOf(childOf(run, 'rPr'), 'vertAlign')?.attributes.val === 'superscript'

const signs: Record<string, string> = {
  tab: '\t',
  ptab: '\t',
  br: '\n',
  cr: '\n',
  noBreakHyphen: '-',
}

/** Word writes a drawing twice, for new readers and for old ones; one of them is enough. */
export const chooseAlternative = (element: Element): Element[] => {
  const choice = childOf(element, 'Choice') ?? childOf(element, 'Fallback')
  return choice ? elementsOf(choice) : []
}

const takeRun = (run: Element, into: Inline): void => {
  if (isOn(run, 'vanish')) return
  const before = into.text
  into.text = ''
  for (const child of elementsOf(run)) take(child, into)
  // '10' with a raised '6' is a million and must not read 106.
  const isPower = isRaised(run) && /^[-+−\d]/.test(into.text) && /[\p{L}\p{N})]$/u.test(before)
  if (into.text.trim() !== '' && !isOn(run, 'b')) into.isBold = false
  into.text = before + (isPower ? '^' : '') + into.text
}

const takers: Record<string, (element: Element, into: Inline) => void> = {
  r: takeRun,
  t: (element, into) => {
    into.text += textOf(element)
  },
  oMath: (element, into) => {
    into.text += formulaText(element)
  },
  txbxContent: (element, into) => {
    into.boxes.push(element)
  },
  footnoteReference: ({ attributes }, into) => {
    into.notes.push({ kind: 'footnote', id: attributes.id ?? '' })
  },
  endnoteReference: ({ attributes }, into) => {
    into.notes.push({ kind: 'endnote', id: attributes.id ?? '' })
  },
  AlternateContent: (element, into) => {
    for (const child of chooseAlternative(element)) take(child, into)
  },
}

const take = (element: Element, into: Inline): void => {
  if (unseen.has(element.name)) return
  const sign = signs[element.name]
  // A break to a new page or column parts nothing in the text.
  if (sign !== undefined) into.text += element.attributes.type === 'page' ? ' ' : sign
  else if (takers[element.name]) takers[element.name]?.(element, into)
  else for (const child of elementsOf(element)) take(child, into)
}

/** Reads the inline content of a paragraph. */
export const readInline = (paragraph: Element, noteMark: (kind: string, id: string) => string): Inline => {
  const inline: Inline = { text: '', notes: [], boxes: [], isBold: true }
  for (const child of elementsOf(paragraph)) {
    const known = inline.notes.length
    take(child, inline)
    for (const note of inline.notes.slice(known)) inline.text += noteMark(note.kind, note.id)
  }
  const lines = cleanText(inline.text).split('\n')
  return {
    ...inline,
    text: lines
      .map((line) => line.replace(/[ \t]+/g, ' ').trim())
      .join('\n')
      .trim(),
  }
}

/** The text of a paragraph of code: its spaces are part of it. */
export const readCode = (paragraph: Element): string => {
  const inline: Inline = { text: '', notes: [], boxes: [], isBold: true }
  for (const child of elementsOf(paragraph)) take(child, inline)
  return cleanText(inline.text).trimEnd()
}

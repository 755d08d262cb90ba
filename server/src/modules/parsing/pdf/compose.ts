import type { ParsedHeading, ParsedLine, ParsedPage } from '../types.ts'
import type { Paragraph, RawPage, Row, Segment } from './model.ts'

/** 'Haupt- und Nebensatz': here the hyphen is the word's own. */
const keptHyphen = /^(und|oder|bzw|bis|sowie|als|and|or|to|dan|atau)(?!\p{L})/u
const hyphenAtEnd = /\p{L}[-‐]$/u

const round = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000

/** Builds a page's text line by line and notes where each printed line came to stand. */
class PageText {
  text = ''
  readonly lines: ParsedLine[] = []
  readonly #page: RawPage

  constructor(page: RawPage) {
    this.#page = page
  }

  /** Joins a line to the one before it in its paragraph: mends a hyphenated word, else puts a space. */
  continueLine(next: string): void {
    if (!hyphenAtEnd.test(this.text) || keptHyphen.test(next)) {
      this.text += ' '
      return
    }
    if (!/^\p{Ll}/u.test(next)) return
    this.text = this.text.slice(0, -1)
    const last = this.lines.at(-1)
    if (last) last.end = this.text.length
  }

  append(segment: Segment): void {
    const start = this.text.length
    this.text += segment.text
    const { width, height } = this.#page
    this.lines.push({
      start,
      end: this.text.length,
      x: round(segment.x0 / width),
      y: round(segment.top / height),
      width: round((segment.x1 - segment.x0) / width),
      height: round((segment.bottom - segment.top) / height),
    })
  }
}

const indent = (row: Row, paragraph: Paragraph): string => {
  const left = Math.min(...paragraph.rows.map((each) => each.x0))
  return ' '.repeat(Math.min(40, Math.max(0, Math.round((row.x0 - left) / (row.size * 0.6)))))
}

const separators = {
  text: ' ',
  item: ' ',
  heading: ' ',
  table: ' | ',
  code: '  ',
} as const

const addRow = (page: PageText, paragraph: Paragraph, row: Row, at: number): void => {
  const isFlowing = paragraph.kind !== 'table' && paragraph.kind !== 'code'
  if (at > 0 && isFlowing) page.continueLine(row.cells[0]?.text ?? '')
  if (at > 0 && !isFlowing) page.text += '\n'
  if (paragraph.kind === 'code') page.text += indent(row, paragraph)
  for (const [cellAt, cell] of row.cells.entries()) {
    if (cellAt > 0) page.text += separators[paragraph.kind]
    page.append(cell)
  }
}

const gapBefore = (paragraph: Paragraph, previous: Paragraph | undefined): string => {
  if (!previous) return ''
  return paragraph.kind === 'item' && previous.kind === 'item' ? '\n' : '\n\n'
}

/** One page's text with its headings and the places of its lines. */
export const composePdfPage = (raw: RawPage, paragraphs: Paragraph[]): ParsedPage => {
  const page = new PageText(raw)
  const headings: ParsedHeading[] = []
  let previous: Paragraph | undefined
  for (const paragraph of paragraphs) {
    page.text += gapBefore(paragraph, previous)
    const start = page.text.length
    for (const [at, row] of paragraph.rows.entries()) addRow(page, paragraph, row, at)
    const end = page.text.length
    if (paragraph.kind === 'heading') {
      headings.push({
        text: page.text.slice(start, end),
        level: paragraph.level,
        start,
        end,
      })
    }
    previous = paragraph
  }
  return {
    number: raw.number,
    text: page.text,
    headings,
    ...(raw.hasPlaces ? { lines: page.lines } : {}),
  }
}

import type { Paragraph, Row, TypeStyle } from './model.ts'
import { isTableRow } from './rows.ts'

/** The usual distance of lines and the edges of a region, by which indents and short lines are told. */
interface Measure {
  leading: number
  start: number
  end: number
}

const quantile = (values: number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

/** Of equally common edges the outermost. */
const commonest = (values: number[]): number => {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0
}

const isRtl = (row: Row): boolean => row.cells.filter((cell) => cell.isRtl).length > row.cells.length / 2
/** Edges in reading direction: for right-to-left rows the right edge is the start. */
const startOf = (row: Row): number => (isRtl(row) ? -row.x1 : row.x0)
const endOf = (row: Row): number => (isRtl(row) ? -row.x0 : row.x1)

const measure = (rows: Row[]): Measure => {
  const gaps = rows.slice(1).map((row, at) => row.baseline - (rows[at]?.baseline ?? 0))
  const size = quantile(
    rows.map((row) => row.size),
    0.5,
  )
  const near = gaps.filter((gap) => gap > size * 0.8 && gap < size * 2)
  return {
    leading: near.length > 0 ? quantile(near, 0.4) : size * 1.25,
    start: commonest(rows.map((row) => Math.round(startOf(row)))),
    end: quantile(rows.map(endOf), 0.85),
  }
}

export const rowText = (row: Row, separator: string): string => row.cells.map((cell) => cell.text).join(separator)

const bullet = /^([•◦▪▸►‣●○■□–—*-]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivx]{1,4}\))\s+\S/
const isItem = (row: Row): boolean => bullet.test(rowText(row, ' '))
const endsSentence = /[.!?:;؟。…][)"'»”]?(\^?\d+)?$/

const isWhollyBold = (row: Row): boolean => row.cells.every((cell) => cell.isBold)

/** A line that stops early ends its paragraph when the next word would have fitted. */
const isShort = (row: Row, next: Row, { end }: Measure): boolean => {
  const firstWord = rowText(next, ' ').split(' ', 1)[0] ?? ''
  return endOf(row) + (firstWord.length + 1) * row.size * 0.55 < end
}

const changesShape = (previous: Row, row: Row): boolean =>
  Math.abs(previous.size - row.size) > Math.max(previous.size, row.size) * 0.12 ||
  isWhollyBold(previous) !== isWhollyBold(row)

const isIndented = (previous: Row, row: Row, { start }: Measure): boolean =>
  startOf(row) > start + row.size * 0.8 &&
  Math.abs(startOf(previous) - start) < row.size * 0.5 &&
  startOf(row) < start + row.size * 5 &&
  !isItem(previous)

/** Where most lines are indented, a line that stands out begins a paragraph: glossaries, references, speech. */
const isOutdented = (previous: Row, row: Row, { start }: Measure): boolean =>
  startOf(row) < start - row.size * 0.8 && Math.abs(startOf(previous) - start) < row.size * 0.5

const startsItem = (previous: Row, row: Row, shape: Measure): boolean =>
  isItem(row) &&
  (isItem(previous) ||
    Math.abs(startOf(row) - startOf(previous)) > row.size * 0.5 ||
    endsSentence.test(rowText(previous, ' ')) ||
    isShort(previous, row, shape))

/** A title over two lines stands wider than the text around it. */
const continuesTitle = (previous: Row, row: Row, { leading }: Measure, gap: number): boolean =>
  gap > 0 &&
  gap < row.size * 1.5 &&
  row.size * 1.2 > leading &&
  Math.abs(row.size - previous.size) < row.size * 0.05 &&
  isWhollyBold(previous) === isWhollyBold(row) &&
  !/^\d+(\.\d+)*\.?\s/.test(rowText(row, ' '))

const breaksText = (previous: Row, row: Row, shape: Measure): boolean => {
  const gap = row.baseline - previous.baseline
  if (continuesTitle(previous, row, shape, gap)) return false
  if (gap < 0 || gap > shape.leading * 1.35 + 0.5) return true
  if (changesShape(previous, row) || startsItem(previous, row, shape)) return true
  if (isIndented(previous, row, shape) || isOutdented(previous, row, shape)) return true
  return endsSentence.test(rowText(previous, ' ')) && isShort(previous, row, shape)
}

const isCode = (row: Row, style: TypeStyle): boolean => style.monoShare < 0.6 && row.cells.every((cell) => cell.isMono)

const kindOf = (rows: Row[], at: number, style: TypeStyle): 'text' | 'table' | 'code' => {
  const row = rows[at]
  if (row && isCode(row, style)) return 'code'
  return isTableRow(rows, at) ? 'table' : 'text'
}

/** Code and tables hold together over a blank line's height, since their own lines stand wider. */
const breaks = (kind: Paragraph['kind'], previous: Row, row: Row, shape: Measure): boolean => {
  const gap = row.baseline - previous.baseline
  if (kind === 'code' || kind === 'table') return gap < 0 || gap > Math.max(shape.leading, row.size * 1.2) * 2.5
  return breaksText(previous, row, shape)
}

/** Cuts a region's rows into paragraphs, tables, code and list items. Headings are told afterwards. */
export const toParagraphs = (rows: Row[], style: TypeStyle): Paragraph[] => {
  const shape = measure(rows)
  const paragraphs: Paragraph[] = []
  let previous: Row | undefined
  for (const [at, row] of rows.entries()) {
    const kind = kindOf(rows, at, style)
    const last = paragraphs.at(-1)
    const isSameKind = last !== undefined && (last.kind === kind || (last.kind === 'item' && kind === 'text'))
    if (last && previous && isSameKind && !breaks(kind, previous, row, shape)) last.rows.push(row)
    else
      paragraphs.push({
        kind: kind === 'text' && isItem(row) ? 'item' : kind,
        rows: [row],
        level: 0,
      })
    previous = row
  }
  return paragraphs
}

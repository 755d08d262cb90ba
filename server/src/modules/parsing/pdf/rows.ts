import type { Row, Segment } from './model.ts'

/** A script's baseline is off by up to half a size, another line's by more than one. */
const isSameRow = (row: Segment, segment: Segment): boolean => {
  const size = Math.max(row.size, segment.size)
  const isScript = Math.min(row.size, segment.size) < size * 0.85
  return Math.abs(row.baseline - segment.baseline) < size * (isScript ? 0.5 : 0.3)
}

const merge = (first: Segment, second: Segment, separator: string): Segment => ({
  ...(first.text.length >= second.text.length ? first : second),
  text: first.text + separator + second.text,
  x0: Math.min(first.x0, second.x0),
  x1: Math.max(first.x1, second.x1),
  top: Math.min(first.top, second.top),
  bottom: Math.max(first.bottom, second.bottom),
  isMono: first.isMono && second.isMono,
  isBold: first.isBold && second.isBold,
})

const gapBetween = (first: Segment, second: Segment): number => Math.max(second.x0 - first.x1, first.x0 - second.x1)

/** Neighbours that the file wrote apart but that stand no wider than words belong to one cell. */
const joinNear = (cells: Segment[]): Segment[] => {
  const joined: Segment[] = []
  for (const cell of cells) {
    const last = joined.at(-1)
    const gap = last ? gapBetween(last, cell) : Number.POSITIVE_INFINITY
    const size = Math.min(last?.size ?? cell.size, cell.size)
    if (last && gap < size * 1.2) joined.splice(-1, 1, merge(last, cell, gap > size * 0.15 ? ' ' : ''))
    else joined.push(cell)
  }
  return joined
}

const toRow = (segments: Segment[]): Row => {
  const isRtl = segments.filter((each) => each.isRtl).length > segments.length / 2
  const ordered = [...segments].sort((a, b) => (isRtl ? b.x1 - a.x1 : a.x0 - b.x0))
  const cells = joinNear(ordered)
  const main = cells.reduce((best, each) => (each.text.length > best.text.length ? each : best))
  return {
    cells,
    x0: Math.min(...cells.map((each) => each.x0)),
    x1: Math.max(...cells.map((each) => each.x1)),
    top: Math.min(...cells.map((each) => each.top)),
    bottom: Math.max(...cells.map((each) => each.bottom)),
    baseline: main.baseline,
    size: main.size,
  }
}

/** A region's rows from top to bottom. */
export const toRows = (segments: Segment[]): Row[] => {
  const rows: Segment[][] = []
  for (const segment of [...segments].sort((a, b) => a.baseline - b.baseline)) {
    const row = rows.at(-1)
    if (row?.some((each) => isSameRow(each, segment))) row.push(segment)
    else rows.push([segment])
  }
  return rows.map(toRow)
}

const aligns = (first: Segment, second: Segment): boolean => {
  const tolerance = Math.max(first.size, second.size) * 0.6
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) < tolerance
  return (
    isNear(first.x0, second.x0) ||
    isNear(first.x1, second.x1) ||
    isNear((first.x0 + first.x1) / 2, (second.x0 + second.x1) / 2)
  )
}

const sharesColumns = (row: Row, other: Row | undefined): boolean =>
  other !== undefined &&
  other.cells.length > 1 &&
  row.cells.filter((cell) => other.cells.some((each) => aligns(cell, each))).length >= 2

/** A term, a wide gap and its explanation in running text: a glossary and not a table. */
const isEntry = ({ cells, x0, size }: Row, next: Row | undefined): boolean => {
  const [term, explanation] = cells
  if (cells.length !== 2 || !term || !explanation) return false
  if (term.text.endsWith(':')) return true
  const isWrapped = next !== undefined && next.cells.length === 1 && Math.abs(next.x0 - x0) < size
  return isWrapped && explanation.text.length >= 40
}

/** Rows with cells under or over the cells of a neighbour are a table's. */
export const isTableRow = (rows: Row[], at: number): boolean => {
  const row = rows[at]
  if (!row || row.cells.length < 2 || isEntry(row, rows[at + 1])) return false
  return sharesColumns(row, rows[at - 1]) || sharesColumns(row, rows[at + 1])
}

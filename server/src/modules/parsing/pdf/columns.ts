import type { Segment } from './model.ts'

const binPoints = 3
/** A side narrower than this share of the region is a margin note or a list's numbers, not a column. */
const leastWidth = 0.15
const leastLines = 4

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Not `Math.min(...values)`: a drawing can have more labels than a call can have arguments. */
const least = (values: number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)

const extent = (segments: Segment[]): { x0: number; x1: number; width: number } => {
  const x0 = least(segments.map((each) => each.x0))
  const x1 = -least(segments.map((each) => -each.x1))
  return { x0, x1, width: x1 - x0 }
}

/** The x within the middle of the region that the fewest segments cross; the middle of the widest such gap. */
const emptiestX = (segments: Segment[], x0: number, width: number): number => {
  const bins = new Array<number>(Math.ceil(width / binPoints) + 1).fill(0)
  for (const segment of segments) {
    const last = Math.floor((segment.x1 - x0) / binPoints)
    for (let bin = Math.floor((segment.x0 - x0) / binPoints); bin <= last; bin += 1) bins[bin] = (bins[bin] ?? 0) + 1
  }
  const from = Math.floor(bins.length * leastWidth)
  const middle = bins.slice(from, Math.ceil(bins.length * (1 - leastWidth)))
  const fewest = Math.min(...middle)
  let best = { at: 0, length: 0 }
  let length = 0
  for (const [at, count] of middle.entries()) {
    length = count === fewest ? length + 1 : 0
    if (length > best.length) best = { at: at - (length - 1) / 2, length }
  }
  return x0 + (from + best.at + 0.5) * binPoints
}

interface Sides {
  left: Segment[]
  right: Segment[]
  /** Titles, figures and footnotes across both columns. */
  across: Set<Segment>
}

const partAt = (segments: Segment[], x: number, width: number): Sides => {
  const sides: Sides = { left: [], right: [], across: new Set() }
  const reach = width * 0.1
  for (const segment of segments) {
    if (segment.x0 < x - reach && segment.x1 > x + reach) sides.across.add(segment)
    else if (segment.x0 + segment.x1 < 2 * x) sides.left.push(segment)
    else sides.right.push(segment)
  }
  return sides
}

/** Columns are mostly written one after the other into the file, the cells of a table row by row. */
const isWrittenByColumn = (segments: Segment[], { left, across }: Sides): boolean => {
  const isLeft = new Set(left)
  const order = segments.filter((each) => !across.has(each)).map((each) => isLeft.has(each))
  const changes = order.filter((side, at) => at > 0 && side !== order[at - 1]).length
  return changes <= 2 + order.length * 0.1
}

/** Running text fills its column; cells do not. */
const isFilled = (side: Segment[]): boolean => {
  const { width } = extent(side)
  return (
    median(side.map((each) => each.x1 - each.x0)) > width * 0.7 && median(side.map((each) => each.text.length)) >= 20
  )
}

const isSideBySide = (left: Segment[], right: Segment[]): boolean => {
  const top = Math.max(least(left.map((each) => each.top)), least(right.map((each) => each.top)))
  return [left, right].every((side) => side.filter((each) => each.bottom > top).length >= 3)
}

const areColumns = (segments: Segment[], sides: Sides, width: number): boolean => {
  const { left, right, across } = sides
  if (left.length < leastLines || right.length < leastLines || across.size > left.length + right.length) return false
  if (extent(left).width < width * leastWidth || extent(right).width < width * leastWidth) return false
  if (!isSideBySide(left, right)) return false
  const isProse = [left, right].every((side) => median(side.map((each) => each.text.length)) >= 12)
  return (isProse && isWrittenByColumn(segments, sides)) || (isFilled(left) && isFilled(right))
}

const isMostlyRtl = (segments: Segment[]): boolean => segments.filter((each) => each.isRtl).length > segments.length / 2

/** Between two things that lie across, first one column is read and then the other. */
const readBands = (segments: Segment[], { left, across }: Sides, depth: number): Segment[][] => {
  const isLeft = new Set(left)
  const isRtl = isMostlyRtl(segments)
  const regions: Segment[][] = []
  let band: Segment[] = []
  let spanning: Segment[] = []
  const flushBand = (): void => {
    const first = band.filter((each) => isLeft.has(each) !== isRtl)
    const second = band.filter((each) => isLeft.has(each) === isRtl)
    for (const side of [first, second]) if (side.length > 0) regions.push(...splitColumns(side, depth + 1))
    band = []
  }
  const flushSpanning = (): void => {
    if (spanning.length > 0) regions.push(spanning)
    spanning = []
  }
  for (const segment of [...segments].sort((a, b) => a.baseline - b.baseline)) {
    if (across.has(segment)) {
      flushBand()
      spanning.push(segment)
    } else {
      flushSpanning()
      band.push(segment)
    }
  }
  flushBand()
  flushSpanning()
  return regions
}

/** The regions of a page in reading order: one for a page of one column. Segments come in the file's order. */
export const splitColumns = (segments: Segment[], depth = 0): Segment[][] => {
  if (segments.length < 2 * leastLines || depth > 3) return [segments]
  const { x0, width } = extent(segments)
  const sides = partAt(segments, emptiestX(segments, x0, width), width)
  return areColumns(segments, sides, width) ? readBands(segments, sides, depth) : [segments]
}

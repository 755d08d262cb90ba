import type { Language } from '#modules/language'
import { type Heading, maxTokens, type Page, type Unit, unitsOf } from './chunk-units.ts'

/** A passage of one page: `page text.slice(start, end) === text`, so that a receipt drawn from it is exact. */
export interface Chunk {
  page: number
  /** UTF-16 offsets in the page's text. */
  start: number
  end: number
  text: string
  headingPath: string[]
  tokenCount: number
}

/** Under this, sections share a chunk: fewer, longer passages are found better (docs/measurements.md, "Chunks"). */
const minTokens = 200
/** A section of a higher heading begins a chunk of its own already here. */
const minBeforeHigherHeading = 80
/** New tokens of a chunk; with the overlap it comes to 300 ("300, overlap 60" is the shortest near the best). */
const aimTokens = 240
const overlapTokens = 70

const sum = (units: Unit[]): number => units.reduce((total, { tokens }) => total + tokens, 0)

const beginsSection = (unit: Unit, tokens: number, topLevel: number): boolean => {
  if (unit.level === 0) return false
  return tokens >= minTokens || (tokens >= minBeforeHigherHeading && unit.level < topLevel)
}

/** Runs of units that are cut nowhere but at headings, short ones joined. */
const sections = (units: Unit[]): Unit[][] => {
  const total = sum(units)
  if (total <= minTokens) return [units]
  const found: Unit[][] = []
  let [current, tokens, topLevel]: [Unit[], number, number] = [[], 0, Number.POSITIVE_INFINITY]
  for (const unit of units) {
    if (beginsSection(unit, tokens, topLevel)) {
      found.push(current)
      ;[current, tokens, topLevel] = [[], 0, Number.POSITIVE_INFINITY]
    }
    current.push(unit)
    tokens += unit.tokens
    if (unit.level > 0) topLevel = Math.min(topLevel, unit.level)
  }
  return [...found, current]
}

/** The whole sentences at the end of a chunk that its successor repeats. */
const overlapOf = (units: Unit[]): Unit[] => {
  let from = units.length
  let tokens = 0
  while (from > 1) {
    const unit = units[from - 1]
    if (!unit || unit.level > 0 || tokens + unit.tokens > overlapTokens) break
    tokens += unit.tokens
    from -= 1
  }
  return units.slice(from)
}

/** Cuts a section into chunks of even length, at a paragraph where one is near. */
const cutSection = (units: Unit[]): Unit[][] => {
  const total = sum(units)
  if (total <= maxTokens) return [units]
  const aim = total / Math.ceil(total / aimTokens)
  const chunks: Unit[][] = []
  let [current, fresh, tokens]: [Unit[], number, number] = [[], 0, 0]
  for (const unit of units) {
    const isFull = fresh >= aim || (unit.opensParagraph && fresh >= 0.8 * aim)
    if (fresh > 0 && (isFull || tokens + unit.tokens > maxTokens)) {
      chunks.push(current)
      const overlap = overlapOf(current)
      const fits = sum(overlap) + unit.tokens <= maxTokens
      current = fits ? overlap : []
      ;[fresh, tokens] = [0, sum(current)]
    }
    current.push(unit)
    fresh += unit.tokens
    tokens += unit.tokens
  }
  return [...chunks, current]
}

/** The headings that all sentences of a chunk stand under; those of its first when they share none. */
const sharedPath = (units: Unit[]): string[] => {
  const body = units.filter(({ level }) => level === 0)
  const paths = (body.length > 0 ? body : units).map(({ path }) => path)
  const first = paths[0] ?? []
  let depth = first.length
  for (const path of paths) {
    while (depth > 0 && path[depth - 1] !== first[depth - 1]) depth -= 1
  }
  return depth > 0 ? first.slice(0, depth) : first
}

const toChunk = (page: Page, units: Unit[]): Chunk | null => {
  const [first, last] = [units[0], units.at(-1)]
  if (!first || !last || sum(units) === 0) return null
  const text = page.text.slice(first.start, last.end)
  return {
    page: page.number,
    start: first.start,
    end: last.end,
    text,
    headingPath: sharedPath(units),
    tokenCount: sum(units),
  }
}

/**
 * Cuts a document's pages into passages along its structure: never across a page, never through a sentence
 * (unless one alone exceeds the limit), at headings where they are far enough apart, with whole sentences
 * repeated at the seams. The same pages give the same chunks. Linear in the length of the text.
 */
export const chunkPages = (pages: readonly Page[], language: Language | null): Chunk[] => {
  const stack: Heading[] = []
  return pages.flatMap((page) =>
    sections(unitsOf(page, language, stack))
      .flatMap(cutSection)
      .map((units) => toChunk(page, units))
      .filter((chunk) => chunk !== null),
  )
}

import { cleanText } from '../clean.ts'
import type { Run, Segment } from './model.ts'

/** A gap of this many ems parts columns and cells; justified words stand closer. */
const splitEms = 1.5
/** A gap of this many ems between runs is a space that the file does not write. */
const spaceEms = 0.18

const belongs = (previous: Run, run: Run): boolean => {
  const size = Math.max(previous.size, run.size)
  const shift = Math.abs(run.baseline - previous.baseline)
  // A shift of half an em is a sub- or superscript only if the run is smaller or follows a smaller one.
  const isScript = shift < size * 0.6 && Math.abs(previous.size - run.size) > size * 0.1
  if (shift > size * 0.2 && !isScript) return false
  return isNear(previous, run, size)
}

const isNear = (previous: Run, run: Run, size: number): boolean => {
  const forward = run.x0 - previous.x1
  const backward = previous.x0 - run.x1
  const gap = run.isRtl || previous.isRtl ? Math.max(forward, backward) : forward
  return gap > -size * 0.7 && gap < size * splitEms
}

/** A raised small number after a letter, digit or bracket is a power or a note mark: '10^6' must not read '106'. */
const isRaised = (main: Run, run: Run): boolean =>
  run.size < main.size * 0.85 &&
  main.baseline - run.baseline > main.size * 0.2 &&
  /^[\d+\-−–*nkm]/.test(run.text) &&
  /[\p{L}\p{N})\]}|]$/u.test(main.text)

const glue = (previous: Run, run: Run): string => {
  const gap = run.isRtl || previous.isRtl ? Math.max(run.x0 - previous.x1, previous.x0 - run.x1) : run.x0 - previous.x1
  const size = Math.min(previous.size, run.size)
  if (gap > size * spaceEms || (run.isSpaced && gap > size * 0.08)) return ' '
  return isRaised(previous, run) ? '^' : ''
}

/** Visual order of a right-to-left line: from the right, but what is left-to-right inside keeps its own order. */
const orderRtl = (runs: Run[]): Run[] => {
  const sorted = [...runs].sort((a, b) => b.x1 - a.x1)
  const ordered: Run[] = []
  let embedded: Run[] = []
  for (const run of sorted) {
    if (!run.isRtl && /[\p{L}\p{N}]/u.test(run.text)) {
      embedded.unshift(run)
      continue
    }
    ordered.push(...embedded, run)
    embedded = []
  }
  return [...ordered, ...embedded]
}

const countLetters = (runs: Run[], isRtl: boolean): number =>
  runs.reduce((sum, run) => sum + (run.isRtl === isRtl ? (run.text.match(/\p{L}/gu)?.length ?? 0) : 0), 0)

/** White space that is not just one space. */
const wideSpace = /[^\S ]\s*| \s+/g

const joinRuns = (runs: Run[]): string => {
  let text = ''
  let previous: Run | undefined
  for (const run of runs) {
    text += (previous ? glue(previous, run) : '') + run.text
    previous = run
  }
  return cleanText(text).replace(wideSpace, ' ').trim()
}

const toSegment = (runs: Run[]): Segment | undefined => {
  const isRtl = runs.some((run) => run.isRtl) && countLetters(runs, true) > countLetters(runs, false)
  const text = joinRuns(isRtl ? orderRtl(runs) : runs)
  const main = runs.reduce((best, run) => (run.size * run.text.length > best.size * best.text.length ? run : best))
  const size = runs.reduce((most, run) => Math.max(most, run.size), 0)
  if (text === '' || size <= 0) return undefined
  const letters = runs.filter((run) => /[\p{L}\p{N}]/u.test(run.text))
  return {
    text,
    x0: Math.min(...runs.map((run) => run.x0)),
    x1: Math.max(...runs.map((run) => run.x1)),
    top: main.baseline - size * 0.8,
    bottom: main.baseline + size * 0.25,
    baseline: main.baseline,
    size: main.size,
    font: main.font,
    isMono: (letters.length > 0 ? letters : runs).every((run) => run.isMono),
    isBold: letters.length > 0 && letters.every((run) => run.isBold),
    isRtl,
  }
}

/** Shadows and poor man's bold print the same run twice in nearly the same place. */
const isEcho = (previous: Run, run: Run): boolean =>
  previous.text === run.text &&
  Math.abs(previous.x0 - run.x0) < run.size * 0.15 &&
  Math.abs(previous.baseline - run.baseline) < run.size * 0.15

/** Groups a page's runs, which come in the order of its content stream, into printed lines or parts of lines. */
export const toSegments = (runs: Run[]): Segment[] => {
  const groups: Run[][] = []
  let group: Run[] = []
  let previous: Run | undefined
  for (const run of runs) {
    if (previous && isEcho(previous, run)) continue
    if (previous && !belongs(previous, run)) {
      groups.push(group)
      group = []
    }
    group.push(run)
    previous = run
  }
  groups.push(group)
  return groups.flatMap((each) => (each.length > 0 ? (toSegment(each) ?? []) : []))
}

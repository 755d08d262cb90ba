/** Cuts a page's text into paragraphs, headings and marked passages. Pure; all offsets are UTF-16 code units of the text. */
import type { Source } from '@lyceum/contract/chat'
import type { DocumentPage } from '@lyceum/contract/documents'
import type { PageAddress } from './queries.ts'

export interface Passage {
  n: number
  start: number
  end: number
}

export interface Segment {
  text: string
  start: number
  /** The open source stands here. */
  isMarked: boolean
  /** Another source of the same answer stands here. */
  isOther: boolean
}

export interface Paragraph {
  level: number | null
  start: number
  segments: Segment[]
}

export interface Marks {
  open: Passage | null
  others: readonly Passage[]
}

const covers = (passage: Passage | null, at: number): boolean =>
  passage !== null && passage.start <= at && at < passage.end

/** A blank line parts paragraphs, and a heading stands alone. */
export const paragraphsOf = (
  { text, headings }: Pick<DocumentPage, 'text' | 'headings'>,
  marks: Marks,
): Paragraph[] => {
  const cuts = new Set([0, text.length, ...headings.flatMap(({ start, end }) => [start, end])])
  for (const { 0: gap, index } of text.matchAll(/\n[ \t]*\n\s*/g)) cuts.add(index).add(index + gap.length)
  const bounds = [...cuts].sort((a, b) => a - b)
  return bounds.slice(0, -1).flatMap((start, index) => {
    const end = bounds[index + 1] ?? text.length
    if (text.slice(start, end).trim() === '') return []
    const level = headings.find((heading) => heading.start === start)?.level ?? null
    return [{ level, start, segments: segmentsOf(text, { start, end }, marks) }]
  })
}

const segmentsOf = (text: string, range: { start: number; end: number }, { open, others }: Marks): Segment[] => {
  const within = (at: number): boolean => at > range.start && at < range.end
  const edges = [open, ...others].flatMap((passage) => (passage ? [passage.start, passage.end] : [])).filter(within)
  const bounds = [...new Set([range.start, ...edges, range.end])].sort((a, b) => a - b)
  return bounds.slice(0, -1).map((start, index) => ({
    text: text.slice(start, bounds[index + 1]),
    start,
    isMarked: covers(open, start),
    isOther: others.some((passage) => covers(passage, start)),
  }))
}

/** Where the passages of an answer's sources stand on one page. */
export const marksOn = (page: PageAddress, sources: readonly Source[], open: Source): Marks => {
  const isHere = (source: Source): boolean =>
    source.documentId === page.documentId && source.page === page.page && source.version === page.version
  return { open: isHere(open) ? open : null, others: sources.filter((source) => isHere(source) && source.n !== open.n) }
}

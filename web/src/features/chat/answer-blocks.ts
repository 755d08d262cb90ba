/** Cuts an answer into blocks and sentences, so that each sentence carries its numbers. Pure. */
import type { Citation, Verdict } from '@lyceum/contract/chat'
import type { z } from 'zod'

export interface Piece {
  text: string
  /** The sentence it belongs to, as its place among the answer's cited sentences; null for text without one. */
  sentence: number | null
  verdict: z.infer<typeof Verdict> | null
  /** Source numbers that follow it: on the last piece of a sentence. */
  cites: number[]
  /** The sentence ends with this piece. */
  isEnd: boolean
}

export interface Block {
  kind: 'paragraph' | 'item' | 'heading' | 'code'
  /** Place in the answer's text, to tell blocks apart while it grows. */
  start: number
  pieces: Piece[]
}

export interface Sentence {
  start: number
  end: number
  verdict: z.infer<typeof Verdict>
  citations: Citation[]
}

/** Citations of one sentence stand together; its verdict is its best. */
export const sentencesOf = (citations: readonly Citation[]): Sentence[] => {
  const byRange = Map.groupBy(citations, ({ sentence }) => sentence.join(':'))
  const sentences = [...byRange.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const [start, end] = first.sentence
    return [{ start, end, verdict: bestOf(group), citations: group }]
  })
  return sentences.sort((a, b) => a.start - b.start)
}

const bestOf = (citations: readonly Citation[]): Sentence['verdict'] => {
  const verdicts = citations.map(({ verdict }) => verdict)
  return verdicts.includes('supported') ? 'supported' : verdicts.includes('weak') ? 'weak' : 'unsupported'
}

interface Line {
  kind: Block['kind']
  start: number
  end: number
}

/** Lines that belong together: a paragraph ends at an empty line, an item and a heading at the line's end. */
const linesOf = (text: string): Line[] => {
  const lines: Line[] = []
  let open: Line | null = null
  let fence = false
  for (const { 0: raw, index } of text.matchAll(/[^\n]+|\n(?=\n)/g)) {
    const line = readLine(raw, index, fence)
    if (raw.startsWith('```')) fence = !fence
    if (open && line && goesOn(open, line)) {
      open.end = line.end
      continue
    }
    open = line
    if (line) lines.push(line)
  }
  return lines
}

const goesOn = (open: Line, line: Line): boolean =>
  line.kind === open.kind && (line.kind === 'paragraph' || line.kind === 'code')

const marker = { item: /^\s*(?:[-*•]|\d{1,3}[.)])\s+/, heading: /^#{1,6}\s+/ }

const readLine = (raw: string, start: number, isCode: boolean): Line | null => {
  const end = start + raw.length
  if (raw.trim() === '' || raw.startsWith('```')) return null
  if (isCode) return { kind: 'code', start, end }
  for (const kind of ['item', 'heading'] as const) {
    const found = marker[kind].exec(raw)
    if (found) return { kind, start: start + found[0].length, end }
  }
  return { kind: 'paragraph', start, end }
}

/** Numbers in the text, such as `[1]` or `[1, 2]`: the chips show them. */
const written = /\s*[[［【](\d+(?:\s*[,،，]\s*\d+)*)[\]］】]/g

export const withoutNumbers = (text: string, known: ReadonlySet<number>): string =>
  text.replace(written, (all, numbers: string) =>
    numbers.split(/[,،，]/).every((number) => known.has(Number(number))) ? '' : all,
  )

export const blocksOf = (text: string, citations: readonly Citation[], sources: readonly { n: number }[]): Block[] => {
  const sentences = sentencesOf(citations)
  const known = new Set(sources.map(({ n }) => n))
  return linesOf(text).map(({ kind, start, end }) => ({
    kind,
    start,
    pieces: kind === 'code' ? [plain(text.slice(start, end))] : cut({ text, start, end }, sentences, known),
  }))
}

const plain = (text: string): Piece => ({ text, sentence: null, verdict: null, cites: [], isEnd: false })

const cut = (
  { text, start, end }: { text: string; start: number; end: number },
  sentences: readonly Sentence[],
  known: ReadonlySet<number>,
): Piece[] => {
  const pieces: Piece[] = []
  let at = start
  const upTo = (to: number): void => {
    if (to > at) pieces.push(plain(withoutNumbers(text.slice(at, to), known)))
    at = Math.max(at, to)
  }
  for (const [index, sentence] of sentences.entries()) {
    if (sentence.end <= at || sentence.start >= end) continue
    upTo(Math.max(start, sentence.start))
    const to = Math.min(end, sentence.end)
    pieces.push({
      text: withoutNumbers(text.slice(at, to), known).trimEnd(),
      sentence: index,
      verdict: sentence.verdict,
      cites: sentence.end <= end ? chipsOf(sentence) : [],
      isEnd: sentence.end <= end,
    })
    at = to
  }
  upTo(end)
  return pieces.filter((piece) => piece.text !== '' || piece.cites.length > 0)
}

/** The numbers behind a sentence; one that is not on the pages has none. */
export const chipsOf = ({ citations, verdict }: Sentence): number[] =>
  verdict === 'unsupported'
    ? []
    : [...new Set(citations.filter((it) => it.verdict !== 'unsupported').map(({ source }) => source))]

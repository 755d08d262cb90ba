/** Blocks of Markdown that are read whole: fences, formulas, headings, rules, and tables row by row. */
import type { Piece } from './pieces.ts'

/** What stands before the block. */
export interface Before {
  before: string
  lastBlock: Piece['block'] | null
  /** Nothing more comes. */
  isEnd: boolean
}

export interface Block {
  block: Piece['block'] | 'rule'
  length: number
  text?: string
  sign?: string
}

/** A block longer than this is closed where it stands. */
const longestBlock = 16_000

/** The block at the head of a line once all of it is there; at the end of the text it is closed. */
export const wholeBlock = (state: Before, head: string): Block | null => {
  const isLast = state.isEnd || head.length > longestBlock
  const fence = /^(?:`{3,}|~{3,})/.exec(head)?.[0]
  if (fence) return wholeFence(head, fence, isLast)
  if (head.startsWith('$$')) return wholeFormula(head, '$$', isLast)
  if (head.startsWith('\\[')) return wholeFormula(head, '\\]', isLast)
  const length = lineLength(head, 0)
  if (length === null && !isLast) return null
  if (head.startsWith('|')) return wholeRow(state, head, isLast)
  const heading = /^#{1,6}[ \t]+/.exec(head)?.[0]
  const line = head.slice(0, length ?? head.length)
  if (!heading) return { block: 'rule', length: line.length }
  return { block: 'heading', length: line.length, text: line.slice(heading.length), sign: `${heading.trim()} ` }
}

const lineLength = (text: string, from: number): number | null => {
  const end = text.indexOf('\n', from)
  return end < 0 ? null : end - from
}

const wholeFence = (head: string, fence: string, isLast: boolean): Block | null => {
  const end = new RegExp(String.raw`\n[ \t]*${fence}${fence[0]}*[ \t]*(?=\n${isLast ? '|$' : ''})`).exec(head)
  if (end) return { block: 'code', length: end.index + end[0].length }
  return isLast ? { block: 'code', length: head.length, text: `${head.trimEnd()}\n${fence}` } : null
}

const wholeFormula = (head: string, close: string, isLast: boolean): Block | null => {
  const end = head.indexOf(close, 2)
  if (end >= 0) return { block: 'math', length: end + 2 }
  return isLast ? { block: 'math', length: head.length, text: `${head.trimEnd()}\n${close}` } : null
}

const isDelimiterRow = (line: string): boolean => /^[ \t]*\|[ \t:|-]*$/.test(line) && line.includes('-')

/** A table's head is its first row with the line of dashes; the rows come one by one. */
const wholeRow = ({ lastBlock, before, isEnd }: Before, head: string, isLast: boolean): Block | null => {
  const first = lineLength(head, 0) ?? head.length
  const goesOn = (lastBlock === 'row' || lastBlock === 'table_head') && !before.includes('\n\n')
  if (goesOn) return { block: 'row', length: first }
  const rest = head.slice(first + 1)
  const second = lineLength(rest, 0)
  const isOpen = second === null && !isEnd && !isLast && /^[ \t]*(?:\||$)/.test(rest)
  if (isOpen) return null
  const line = rest.slice(0, second ?? rest.length)
  return isDelimiterRow(line)
    ? { block: 'table_head', length: first + 1 + line.length }
    : { block: 'row', length: first }
}

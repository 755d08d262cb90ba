import { announcesNumber, isAbbreviation, isOpener } from './abbreviations.ts'
import type { Language } from './language.ts'
import { blocks, type Range } from './lines.ts'

const terminators = /[.!?؟۔…。！？]+/g
/** What may stand between the full stop and the space: closing quotes and brackets, footnote marks like `[12]`. */
const closers = /^(?:["'”’»)\]]|\[\p{Nd}{1,3}\])*/u
/** The first word after the gap, looked for in a bounded window. */
const nextWord = /^[\s"'“‘«([„]{0,40}([\p{L}\p{N}][\p{L}\p{M}\p{N}]{0,30})/u
const lastWord = /[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}.]{0,23}$/u
const startsLower = /^\p{Ll}/u
const ordinal = /^(?:\p{Nd}{1,2}|[IVX]{1,5})$/u
const initial = /^\p{L}\p{M}?$/u
/** Letters with full stops between them: `U.S`, `z.B`, `a.m`. */
const dotted = /\p{L}\p{M}*\.\p{L}/u
const fullWidth = /[。！？]/

/** The letter before a full stop that stands for an era and not for a title: 1990 م. */
const eras = new Set(['م', 'ه', 'هـ'])

interface Stop {
  /** The word before the full stop, '' when there is none. */
  before: string
  /** The word after the gap, '' at the end of the block. */
  after: string
  /** Nothing but this word stands before the full stop in its block: `1.` at the head of an item. */
  opens: boolean
}

const isShortForm = (word: string, language: Language | null): boolean => {
  if (initial.test(word)) return !eras.has(word)
  return dotted.test(word) || isAbbreviation(word, language)
}

const isGermanOrdinal = (word: string, language: Language | null): boolean =>
  (language === 'de' || language === null) && ordinal.test(word)

/** Whether a single full stop ends a sentence, judged by its neighbours. */
const endsWithFullStop = ({ before, after, opens }: Stop, language: Language | null): boolean => {
  if (after === '') return true
  if (startsLower.test(after) || before === '') return before === '' && !startsLower.test(after)
  if (opens && /^(?:\p{Nd}{1,3}|\p{L})$/u.test(before)) return false
  if (announcesNumber(before, after)) return false
  if (!isShortForm(before, language) && !isGermanOrdinal(before, language)) return true
  return isOpener(after, language)
}

const stopAt = (text: string, block: Range, at: number, end: number): Stop => {
  const lead = text.slice(Math.max(block.start, at - 24), at)
  const before = lastWord.exec(lead)?.[0] ?? ''
  const after = nextWord.exec(text.slice(end, Math.min(block.end, end + 72)))?.[1] ?? ''
  const headLength = at - before.length - block.start
  const opens = headLength <= 8 && text.slice(block.start, at - before.length).trim() === ''
  return { before, after, opens }
}

const endAfter = (text: string, from: number): number =>
  from + (closers.exec(text.slice(from, from + 32))?.[0].length ?? 0)

const isEnd = (text: string, block: Range, mark: Range, language: Language | null): boolean => {
  const written = text.slice(mark.start, Math.min(mark.end, mark.start + 8))
  if (fullWidth.test(written)) return true
  const end = endAfter(text, mark.end)
  if (end < block.end && !/\s/.test(text.charAt(end))) return false
  const stop = stopAt(text, block, mark.start, end)
  if (written === '.') return endsWithFullStop(stop, language)
  return !startsLower.test(stop.after)
}

const trimmed = (text: string, start: number, end: number): Range | null => {
  const piece = text.slice(start, end)
  const lead = piece.length - piece.trimStart().length
  const length = piece.trim().length
  return length === 0 ? null : { start: start + lead, end: start + lead + length }
}

const splitBlock = (text: string, block: Range, language: Language | null, found: Range[]): void => {
  let start = block.start
  const keep = (end: number): void => {
    const sentence = trimmed(text, start, end)
    if (sentence) found.push(sentence)
    start = end
  }
  for (const match of text.slice(block.start, block.end).matchAll(terminators)) {
    const at = block.start + match.index
    const mark = { start: at, end: at + match[0].length }
    if (isEnd(text, block, mark, language)) keep(Math.min(block.end, endAfter(text, mark.end)))
  }
  keep(block.end)
}

/**
 * The sentences of a text as UTF-16 ranges in reading order, without the white space around them. A sentence
 * never crosses a paragraph, list item or heading. In doubt two sentences stay one: a quote that is too long
 * is still true, one that is cut short may not be. Linear in the length of the text.
 */
export const splitSentences = (text: string, language: Language | null): Range[] => {
  const found: Range[] = []
  for (const block of blocks(text)) splitBlock(text, block, language, found)
  return found
}

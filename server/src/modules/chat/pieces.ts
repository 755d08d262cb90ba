/** Cuts what a model writes into pieces as it comes in: sentences, and blocks of Markdown that only make sense whole. */
import { type Language, type Range, splitSentences } from '#modules/language'
import { isBlockStart, isUndecided, lineStart } from './block-starts.ts'
import { closing, endsWithMark, maskMarks } from './marks.ts'
import { wholeBlock } from './whole-block.ts'

export interface Piece {
  /** What stands between it and the piece before, with the signs of its block: ` `, `\n\n`, `\n- `, `\n\n## `. */
  before: string
  text: string
  block: 'text' | 'heading' | 'table_head' | 'row' | 'code' | 'math'
}

export interface PieceSplitter {
  /** The pieces that are known to be whole now. */
  push(text: string): Piece[]
  /** The rest. @param isCut the text ended before its end: a last sentence without one is left out */
  end(isCut: boolean): Piece[]
}

/** A piece longer than this is cut at a space: nobody waits for a sentence that does not end. */
const longestText = 4_000

interface State {
  language: Language | null
  /** What is not said yet. */
  rest: string
  before: string
  isLineStart: boolean
  /** In `rest`: no sentence ends before this place. */
  looked: number
  lastBlock: Piece['block'] | null
  isEnd: boolean
}

type Step = Piece | 'on' | 'wait'

export const createPieceSplitter = (language: Language | null): PieceSplitter => {
  const state: State = { language, rest: '', before: '', isLineStart: true, looked: 0, lastBlock: null, isEnd: false }
  const drain = (): Piece[] => {
    const pieces: Piece[] = []
    for (let step = next(state); step !== 'wait'; step = next(state)) if (step !== 'on') pieces.push(step)
    return pieces
  }
  return {
    push: (text) => {
      state.rest += text
      return drain()
    },
    end: (isCut) => {
      const whole = drain()
      if (isCut) return whole
      state.isEnd = true
      return [...whole, ...drain()]
    },
  }
}

const next = (state: State): Step => {
  if (state.rest === '') return 'wait'
  return state.isLineStart ? startLine(state) : readText(state)
}

/** Gives a piece out: `length` characters of the rest. */
const give = (state: State, length: number, block: Piece['block'], text = state.rest.slice(0, length)): Step => {
  const said = text.trim()
  // Brackets of two pieces must not join to a link.
  const before = state.before === '' && /^[([:]/.test(said) ? ' ' : state.before
  const piece = { before, text: said, block }
  state.rest = state.rest.slice(length)
  state.looked = 0
  if (piece.text === '') return 'on'
  state.before = ''
  state.lastBlock = block
  return block === 'text' && boldLine.test(piece.text) ? { ...piece, block: 'heading' } : piece
}

/** Models write headings as bold lines. */
const boldLine = /^(?:\*\*[^*\n]{1,120}\*\*|__[^_\n]{1,120}__):?$/

const startLine = (state: State): Step => {
  const gap = /^\s*/.exec(state.rest)?.[0] ?? ''
  const head = state.rest.slice(gap.length)
  if (head === '' || (!state.isEnd && isUndecided(head))) return 'wait'
  const newlines = gap.split('\n').length - 1
  const indent = newlines > 0 || state.before === '' ? gap.slice(gap.lastIndexOf('\n') + 1).slice(0, 8) : ''
  const start = lineStart(head)
  if (start?.kind === 'block') return readBlock(state, gap, head)
  if (newlines > 0) state.before = newlines > 1 ? '\n\n' : '\n'
  if (start?.kind === 'marker') {
    state.before += indent + start.sign
    state.rest = head.slice(start.length)
    state.isLineStart = false
    return 'on'
  }
  state.rest = head
  state.isLineStart = false
  return 'on'
}

const readBlock = (state: State, gap: string, head: string): Step => {
  const newlines = gap.split('\n').length - 1
  if (newlines > 0) state.before = newlines > 1 ? '\n\n' : '\n'
  const found = wholeBlock(state, head)
  if (!found) return 'wait'
  state.rest = head
  // What stands behind a formula on its line goes on as text.
  state.isLineStart = found.block !== 'math'
  if (found.block === 'rule') {
    state.rest = head.slice(found.length)
    return 'on'
  }
  if (found.sign) state.before += found.sign
  return give(state, found.length, found.block, found.text)
}

/** How far the running text goes, as far as is known. */
interface Stretch {
  end: number
  /** Whether it ends there for certain. */
  isClosed: boolean
}

/** A single line break goes on with the text; an empty line and the sign of another block end it. */
const stretchOf = ({ rest, isEnd }: State): Stretch => {
  for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n', at + 1)) {
    const below = rest.slice(at + 1)
    const line = below.trimStart()
    const isBlank = /^[ \t]*\n/.test(below)
    if (isBlank || boldLine.test(rest.slice(0, at).trim())) return { end: at, isClosed: true }
    if (line === '' || (!isEnd && isUndecided(line))) return { end: at, isClosed: isEnd }
    if (isBlockStart(line)) return { end: at, isClosed: true }
  }
  return { end: rest.length, isClosed: isEnd }
}

const readText = (state: State): Step => {
  const stretch = stretchOf(state)
  const lead = /^[ \t\n]*/.exec(state.rest.slice(0, stretch.end))?.[0].length ?? 0
  if (lead > 0) {
    if (state.before === '') state.before = ' '
    state.rest = state.rest.slice(lead)
    state.looked = 0
    return 'on'
  }
  const text = state.rest.slice(0, stretch.end)
  const end = sentenceEnd(state, text, stretch.isClosed)
  if (end !== null) return give(state, end, 'text')
  if (stretch.isClosed) {
    const isOver = stretch.end === state.rest.length
    const step = give(state, stretch.end, 'text')
    state.isLineStart = !isOver
    return step
  }
  if (text.length <= longestText) return 'wait'
  return give(state, Math.max(text.lastIndexOf(' '), longestText / 2), 'text')
}

const terminators = /[.!?؟۔…。！？]+/g

/** Where the first sentence of the text ends, once that is known; what comes next decides it. */
const sentenceEnd = (state: State, text: string, isClosed: boolean): number | null => {
  terminators.lastIndex = state.looked
  for (let stop = terminators.exec(text); stop; stop = terminators.exec(text)) {
    if (isSealed(text, stop.index)) return stop.index + 1
    const stopEnd = stop.index + stop[0].length
    const decision = decide({ text, at: stop.index, stopEnd, isClosed, language: state.language })
    if (decision === 'end') return closedEnd(text, stopEnd)
    state.looked = stop.index
    if (decision === 'open') return null
    state.looked = stopEnd
  }
  return null
}

const opening = /["'“‘„«(*_]/

/** A full stop behind a mark ends its sentence whatever comes, unless something that was opened is still to be closed. */
const isSealed = (text: string, at: number): boolean =>
  endsWithMark(text.slice(Math.max(0, at - 40), at)) && !opening.test(text.slice(0, at))

const closedEnd = (text: string, stopEnd: number): number => {
  closing.lastIndex = stopEnd
  return stopEnd + (closing.exec(text)?.[0].length ?? 0)
}

interface Stop {
  text: string
  at: number
  stopEnd: number
  isClosed: boolean
  language: Language | null
}

const followingWord = /^[\s"'“‘«([„*_]*([\p{L}\p{N}][\p{L}\p{M}\p{N}]*)/u
/** So much before a full stop tells what it ends. */
const contextChars = 200

const partOfMark = /^\s{0,3}[[［【][\s\p{Nd},،，、;]{0,40}$/u
const fullWidth = /[。！？]$/

type Decision = 'end' | 'no end' | 'open'

const decide = (stop: Stop): Decision => {
  const { text, at, stopEnd, isClosed } = stop
  const end = closedEnd(text, stopEnd)
  const after = text.slice(end)
  if (isClosed && after.trim() === '') return 'end'
  if (!isClosed && (after.trim() === '' || partOfMark.test(after))) return 'open'
  if (!/^\s/.test(after) && !fullWidth.test(text.slice(at, stopEnd))) return 'no end'
  return decideByWord(stop, end, after)
}

/** The next word tells; of one in the making only the first letter counts yet, as it may become another. */
const decideByWord = ({ text, at, stopEnd, isClosed, language }: Stop, end: number, after: string): Decision => {
  const following = followingWord.exec(after)
  if (!following) return isClosed || after.length > 40 ? 'end' : 'open'
  const word = following[1] ?? ''
  const isWhole = isClosed || following[0].length < after.length
  const probe = isWhole ? word : `${word[0]}${/\p{L}/u.test(word) ? 'qqq' : ''}`
  const from = Math.max(0, at - contextChars)
  const context = `${text.slice(from, end)} ${probe} x`
  if (endsWithin(context, { start: stopEnd - from, end: end - from }, language)) return 'end'
  return isWhole ? 'no end' : 'open'
}

/** Whether a sentence ends at a full stop or at the signs that close behind it. */
const endsWithin = (context: string, at: Range, language: Language | null): boolean =>
  splitSentences(maskMarks(context).replace(/[\n*_]/g, ' '), language).some(
    ({ end }) => end >= at.start && end <= at.end,
  )

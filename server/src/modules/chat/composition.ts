/** An answer as it grows: the text, the sources and the citations so far, and the parts that each step adds to the stream. */
import type { Citation, Source } from '@lyceum/contract/chat'
import type { Verdict } from '#modules/answering'
import { guessLanguage } from '#modules/language'
import { type Known, knownWords } from './claimless.ts'
import type { CheckedSentence } from './gate.ts'
import { lengthWithoutMarks, plainText } from './marks.ts'
import { citationPart, type Part, sourceParts, statusPart, textDelta, textStart } from './parts.ts'
import type { Piece } from './pieces.ts'
import { refusalIn } from './refusal.ts'
import { isSmallTalk } from './talk-words.ts'
import type { Draft } from './tutor.ts'

export interface Composition {
  textId: string
  question: string
  known: Known
  text: string
  refused: boolean
  sources: Source[]
  pageTexts: string[]
  citations: Citation[]
  /** One for each sentence that claims something and was released. */
  verdicts: Verdict[]
  /** Sentences that are in the text. */
  released: number
  withheld: number
  /** What claims nothing waits for what it leads to, or for a first claim that stands. */
  held: CheckedSentence[]
  /** What would have stood before a piece that was left out, when a block begins with it. */
  carried: string
}

export const newComposition = (textId: string, question: string): Composition => ({
  textId,
  question,
  known: { words: knownWords([question]), isSmallTalk: isSmallTalk(question) },
  text: '',
  refused: false,
  sources: [],
  pageTexts: [],
  citations: [],
  verdicts: [],
  released: 0,
  withheld: 0,
  held: [],
  carried: '',
})

export const addStatus = ({ kind: _, ...status }: Extract<Draft, { kind: 'status' }>): Part[] => [statusPart(status)]

export const addSources = (so: Composition, draft: Extract<Draft, { kind: 'sources' }>): Part[] => {
  so.sources = draft.sources
  so.pageTexts = draft.pageTexts
  so.refused = draft.refused
  so.known.words = knownWords([so.question, ...draft.sources.map(({ quote }) => quote)])
  return sourceParts(draft.sources)
}

/** What was given so far and nobody saw is dropped. */
export const dropHeld = (so: Composition): void => {
  so.held = []
  if (so.text === '') so.carried = ''
}

/** A sentence that the gate withheld; the sign of its block goes to the next one. */
export const leaveOut = (so: Composition, draft: { before: string } | null): void => {
  so.withheld += 1
  if (draft) carry(so, draft.before)
}

const carry = (so: Composition, before: string): void => {
  if (so.carried === '' || before.includes('\n')) so.carried = before
}

const mostHeld = 4

/** A sentence that passed the gate. */
export const admitSentence = (so: Composition, passed: CheckedSentence): Part[] => {
  const sentence = passed.piece ? { ...passed, piece: placed(so, passed.piece) } : passed
  if (!waits(so, sentence)) return [...releaseHeld(so), ...addSentence(so, sentence)]
  // A heading ends what an earlier one of its kind led to: nothing came of that.
  if (sentence.piece?.block === 'heading') dropLeadIns(so)
  so.held.push(sentence)
  return []
}

/** Nothing is redone for the sake of a greeting once it was seen, so that it waits while there are sources to speak from. */
const waits = (so: Composition, { claimless }: CheckedSentence): boolean => {
  if (claimless === 'lead_in') return true
  return claimless === 'talk' && so.sources.length > 0 && so.verdicts.length === 0 && so.held.length < mostHeld
}

const dropLeadIns = (so: Composition): void => {
  const last = so.held.findLastIndex(({ claimless }) => claimless !== 'lead_in')
  so.held = so.held.slice(0, last + 1)
}

const releaseHeld = (so: Composition): Part[] => {
  const held = so.held
  so.held = []
  return held.flatMap((sentence) => addSentence(so, sentence))
}

/** When all is said: what claims nothing stands by itself, unless it has no word or only decorates claims that were withheld. */
export const endAnswer = (so: Composition): Part[] => {
  const isNothing = so.withheld > 0 || so.held.every(({ text }) => !/[\p{L}\p{N}]/u.test(plainText(text)))
  if (isNothing && so.verdicts.length === 0 && so.text === '') dropHeld(so)
  else if (so.withheld > 0 || so.verdicts.length > 0) dropLeadIns(so)
  return releaseHeld(so)
}

/** A sentence that passed the gate: its verdict comes before its text. */
export const addSentence = (so: Composition, sentence: CheckedSentence): Part[] => {
  const isFirst = so.text === ''
  const gap = sentence.piece?.before ?? ' '
  const lead = isFirst ? gap.trimStart() : gap
  const start = so.text.length + lead.length
  const said = sentence.text.trim()
  const length = sentence.piece ? lengthWithoutMarks(said) : said.length
  const marker = sentence.piece ? '' : sentence.receipts.map(({ source }) => ` [${source}]`).join('')
  const delta = `${lead}${said}${marker}`
  so.text += delta
  so.released += 1
  if (sentence.verdict) so.verdicts.push(sentence.verdict)
  const citations = sentence.receipts.map((receipt): Citation => ({ sentence: [start, start + length], ...receipt }))
  so.citations.push(...citations)
  return [...(isFirst ? [textStart(so.textId)] : []), ...citations.map(citationPart), textDelta(so.textId, delta)]
}

/** With the gap and the block's sign of a piece that was left out before it, where it has none of its own. */
const placed = (so: Composition, piece: Omit<Piece, 'text'>): Omit<Piece, 'text'> => {
  const before = piece.before.includes('\n') || so.carried === '' ? piece.before : so.carried
  so.carried = ''
  return { ...piece, before }
}

/** What is said instead when nothing that was to be said is borne out; what is nearest stays shown. */
export const addRefusal = (so: Composition): Part[] => {
  so.refused = true
  dropHeld(so)
  const text = refusalIn(guessLanguage(so.question) ?? 'en')
  return addSentence(so, { text, source: null, piece: null, verdict: null, claimless: null, receipts: [] })
}

/** The supported and half of the weak among the sentences that claim something; 1 when none does. */
export const groundingOf = ({ verdicts, withheld }: Composition) => {
  const weights = { supported: 1, weak: 0.5, unsupported: 0 }
  const sum = verdicts.reduce((total, verdict) => total + weights[verdict], 0)
  const unsupported = verdicts.filter((verdict) => verdict === 'unsupported').length
  return { score: verdicts.length > 0 ? sum / verdicts.length : 1, unsupported, withheld }
}

/**
 * The gate between a tutor and its readers: a chain of filters that every sentence passes before it is journalled,
 * streamed, spoken or cached. What a filter withholds is never seen by anybody.
 */
import type { Check, Citation, Source } from '@lyceum/contract/chat'
import { type CheckedClaim, checkClaim, checkReceipt, type Evidence, type Verdict } from '#modules/answering'
import { guessLanguage } from '#modules/language'
import { type Claimless, claimsNothing, type Known } from './claimless.ts'
import { citesIn, plainText } from './marks.ts'
import { neutralise } from './neutralise.ts'
import type { Piece } from './pieces.ts'
import type { DraftSentence } from './tutor.ts'

export interface GateContext {
  sources: readonly Source[]
  pageTexts: readonly string[]
  known: Known
}

/** What stands for a source that bears a sentence. */
export type Receipt = Omit<Citation, 'sentence'>

export interface CheckedSentence extends DraftSentence {
  /** How it stands in a model's Markdown; null for words of the pages. */
  piece: Omit<Piece, 'text'> | null
  /** What the checks found; null for a sentence that claims nothing. */
  verdict: Verdict | null
  /** Why it claims nothing, where that was looked at. */
  claimless: Claimless | null
  /** One for each source that bears it. */
  receipts: Receipt[]
}

/** Lets a sentence through, changed or not, or withholds it with null. */
export type SentenceFilter = (sentence: CheckedSentence, context: GateContext) => Promise<CheckedSentence | null>

export const passGate = async (
  filters: readonly SentenceFilter[],
  draft: DraftSentence | Piece,
  context: GateContext,
): Promise<CheckedSentence | null> => {
  let standing: CheckedSentence | null = unchecked(draft)
  for (const filter of filters) {
    if (!standing) return null
    standing = await filter(standing, context)
  }
  return standing
}

const unchecked = (draft: DraftSentence | Piece): CheckedSentence => {
  const nothing = { verdict: null, claimless: null, receipts: [] }
  const text = asText(draft.text)
  if (!('block' in draft)) return { ...draft, ...nothing, text, piece: null }
  const { before, block } = draft
  return { ...nothing, text, source: null, piece: { before, block } }
}

/** A model may give what is no text, and what no database holds. */
const asText = (given: string): string => given.toWellFormed().replaceAll('\0', '')

/** Holds words of the pages against the span that they are from, and withholds what is not there. */
export const checkReceipts: SentenceFilter = async (sentence, { sources, pageTexts }) => {
  if (sentence.piece || sentence.source === null) return sentence
  const at = sources.findIndex(({ n }) => n === sentence.source)
  const [source, pageText] = [sources[at], pageTexts[at]]
  if (!source || pageText === undefined) return null
  const { start, end, quote } = spanOf(sentence, source, pageText)
  const { verdict, checks } = checkReceipt({ sentence: sentence.text, quote, pageText, start, end })
  if (verdict === 'unsupported') return null
  const receipt = { source: source.n, verdict, checks, ...(sentence.span && { span: sentence.span }) }
  return { ...sentence, verdict, receipts: [receipt] }
}

const spanOf = ({ span }: DraftSentence, { start, end, quote }: Source, pageText: string) =>
  span ? { start: span[0], end: span[1], quote: pageText.slice(...span) } : { start, end, quote }

/** Makes a model's Markdown harmless before anything else looks at it. */
export const neutralisePieces: SentenceFilter = async (sentence) =>
  sentence.piece ? { ...sentence, text: neutralise(sentence.text, sentence.piece.block) } : sentence

/**
 * Holds what a model claims against the sources that it cites, or against all when it cites none. What they do not
 * bear out is withheld, or goes on with its verdict.
 */
export const createClaimFilter =
  (unsupported: 'withhold' | 'mark'): SentenceFilter =>
  async (sentence, context) => {
    if (!sentence.piece) return sentence
    const plain = plainText(sentence.text)
    const { block } = sentence.piece
    const claimless = claimsNothing(plain, block, context.known)
    if (claimless === 'talk') return { ...sentence, claimless }
    const evidence = evidenceFor(sentence.text, context)
    const denial = denialIn(plain, block, evidence)
    if (claimless && !denial) return { ...sentence, claimless }
    const checked = denial ?? hold(plain, evidence)
    const { verdict } = checked
    return verdict === 'unsupported' && unsupported === 'withhold'
      ? null
      : { ...sentence, verdict, receipts: receiptsOf(checked) }
  }

/** One for each source; the nearest alone stands for what nothing bears. */
const receiptsOf = ({ verdict, checks, spans }: CheckedClaim): Receipt[] => {
  const bearing = verdict === 'unsupported' ? spans.slice(0, 1) : spans
  const first = new Map(bearing.toReversed().map((span) => [span.n, span]))
  return [...first.values()]
    .toReversed()
    .map(({ n, start, end }) => ({ source: n, verdict, checks, span: [start, end] }))
}

const hold = (sentence: string, evidence: Evidence[]): CheckedClaim =>
  checkClaim({ sentence, evidence, language: guessLanguage(sentence) })

/** What is not cut into sentences: a heading of known words may turn them round, a true sentence stand before a lie. */
const uncut: ReadonlySet<Piece['block']> = new Set(['heading', 'table_head', 'row', 'code'])
const denialIn = (plain: string, block: Piece['block'], evidence: Evidence[]): CheckedClaim | undefined => {
  const sentences = uncut.has(block) ? plain.split(/(?<=[.!?؟。])\s+/) : []
  return sentences.map((sentence) => hold(sentence, evidence)).find(isDenied)
}
const isDenied = ({ verdict, checks }: CheckedClaim): boolean =>
  verdict === 'unsupported' && checks.some(({ kind, ok }) => !ok && denying.has(kind))
const denying: ReadonlySet<Check['kind']> = new Set(['number', 'date', 'negation'])

/** Made once for an answer's sources: what was read of a piece of evidence is kept as long as it is. */
const made = new WeakMap<readonly Source[], Evidence[]>()
const allEvidence = ({ sources, pageTexts }: GateContext): Evidence[] => {
  const known = made.get(sources)
  if (known) return known
  const evidence = sources.flatMap(({ n, start, end }, at) => {
    const pageText = pageTexts[at]
    return pageText === undefined ? [] : [{ n, pageText, start, end }]
  })
  made.set(sources, evidence)
  return evidence
}

const evidenceFor = (text: string, context: GateContext): Evidence[] => {
  const cites = citesIn(text, new Set(context.sources.map(({ n }) => n)))
  return allEvidence(context).filter(({ n }) => cites.length === 0 || cites.includes(n))
}

import { guessLanguage, type Language } from '#modules/language'
import { type ClaimWord, readWords } from './claim-words.ts'
import { compareNegation, compareSense, compareWording, hasNegation } from './compare-meaning.ts'
import { compareNames, hasNames } from './compare-names.ts'
import { compareDates, compareNumbers } from './compare-numbers.ts'
import type { Comparison, Finding, Sides } from './comparison.ts'
import { isYear } from './dates.ts'
import { editScript } from './edit-script.ts'
import { type Evidence, isOnPage, type PageSentence, readSentences } from './page-sentences.ts'
import { coverOf, createNear, isForeign } from './soft-cover.ts'
import type { Check, CheckKind, Verdict } from './verdict.ts'
import { vouch } from './vouch.ts'

export type { Evidence } from './page-sentences.ts'

export interface Claim {
  /** What the reader will see, without citation marks and without Markdown's signs. */
  sentence: string
  language?: Language | null
  /** What it cites; when it cites nothing, all that may bear it out. */
  evidence: readonly Evidence[]
}

export interface CheckedClaim {
  verdict: Verdict
  checks: Check[]
  /** The sentences of the pages that it was held against, best first; none when there was no evidence. */
  spans: { n: number; start: number; end: number }[]
}

/** A claim of which the page bears less than this is about something else (docs/measurements.md, "Support"). */
const leastCover = 0.07

const order: readonly CheckKind[] = ['quote', 'number', 'name', 'date', 'negation', 'wording']

const asks = /[?؟]["'”’»)\]]{0,3}$/

const spansOf = (sentences: readonly PageSentence[]): CheckedClaim['spans'] =>
  [...new Set(sentences)].map(({ n, start, end }) => ({ n, start, end }))

const asCheck = ({ kind, said, page }: Finding): Check =>
  page === undefined ? { kind, ok: false, said } : { kind, ok: false, said, page }

const hasNumbers = (words: readonly ClaimWord[]): boolean => words.some(({ value }) => value !== null && !isYear(value))
const hasDates = (words: readonly ClaimWord[]): boolean =>
  words.some(({ value, date }) => date !== null || (value !== null && isYear(value)))

/** One check for each kind that claim or page have something of, in the contract's order; the gravest finding of each. */
const checksOf = (sides: Sides, findings: readonly Finding[]): Check[] => {
  const words = [...sides.claim, ...sides.best.words]
  const applies: Record<CheckKind, boolean> = {
    quote: true,
    number: hasNumbers(words),
    name: hasNames(sides),
    date: hasDates(words),
    negation: hasNegation(sides),
    wording: true,
  }
  return order.flatMap((kind): Check[] => {
    const of = findings.filter((it) => it.kind === kind)
    const gravest = of.find(({ contradicts }) => contradicts) ?? of[0]
    if (gravest) return [asCheck(gravest)]
    return applies[kind] ? [{ kind, ok: true }] : []
  })
}

const compare = (sides: Sides): Finding[] => {
  const comparison: Comparison = { ...sides, script: editScript(sides.claim, sides.best.words, sides.near) }
  const found = [
    ...compareNumbers(comparison),
    ...compareDates(comparison),
    ...compareNames(comparison),
    ...compareNegation(comparison),
    ...compareSense(comparison),
  ]
  // What was said about a number, name or negation is not said again about its wording.
  const isSaid = found.some(({ kind, contradicts }) => contradicts || kind === 'wording')
  return isSaid ? found : [...found, ...compareWording(comparison)]
}

const doubtOf = (isBorne: boolean, findings: readonly Finding[]): Verdict =>
  isBorne && !findings.some(({ contradicts }) => contradicts) ? 'weak' : 'unsupported'

const nothing = (quote: string | null): CheckedClaim => ({
  verdict: 'unsupported',
  checks: quote === null ? [] : [{ kind: 'quote', ok: false, said: quote }],
  spans: [],
})

/**
 * Holds a claim against the passages that it cites, and says where in them it found its support. We vouch for
 * what can be made from their sentences by steps that keep it true (`derive.ts`); what is left is compared kind by
 * kind: what contradicts the page, or finds no cover there, is unsupported, the rest is doubt.
 */
export const checkClaim = ({ sentence, evidence, language = null }: Claim): CheckedClaim => {
  const onPage = evidence.filter(isOnPage)
  const asked = language ?? guessLanguage(sentence)
  const all = onPage.flatMap((it) => readSentences(it, asked))
  if (all.length === 0) return nothing(evidence.length === 0 ? null : '')
  const spoken = all[0]?.language ?? asked
  const claim = readWords(sentence, spoken)
  const bearing = vouch({ words: claim, isQuestion: asks.test(sentence.trim()), language: spoken }, all)
  const near = createNear(spoken)
  const cover = bearing ? { share: 1, sentences: bearing } : coverOf(claim, all, spoken, near)
  const best = cover.sentences[0]
  if (!best) return nothing('')
  const sides: Sides = { text: sentence, claim, language: spoken, best, all, near }
  const spans = spansOf(cover.sentences)
  if (bearing) {
    const isWhole = bearing.every((it) => it.isWhole)
    return { verdict: isWhole ? 'supported' : 'weak', checks: checksOf(sides, []), spans }
  }
  const findings = compare(sides)
  const isBorne = cover.share >= leastCover && !isForeign(claim, all, spoken, near)
  return { verdict: doubtOf(isBorne, findings), checks: checksOf(sides, findings), spans }
}

import type { Language } from '#modules/language'
import { checkClaim } from './check-claim.ts'
import type { Check, Verdict } from './verdict.ts'

export type { Check, CheckKind, Verdict } from './verdict.ts'

export interface ReceiptToCheck {
  /** The claim as the reader will see it. */
  sentence: string
  /** What it is said to rest on: `pageText.slice(start, end)`. */
  quote: string
  pageText: string
  /** UTF-16 offsets in the page's text. */
  start: number
  end: number
  /** The page's language; guessed from the quote when it is not known. */
  language?: Language | null
}

export interface CheckedReceipt {
  verdict: Verdict
  checks: Check[]
}

/** Holds a sentence against the one span that it cites: as a claim, when the quote stands at its range byte for byte. */
export const checkReceipt = ({ sentence, quote, pageText, start, end, language }: ReceiptToCheck): CheckedReceipt => {
  if (pageText.slice(start, end) !== quote || start < 0 || quote.trim() === '') {
    return { verdict: 'unsupported', checks: [{ kind: 'quote', ok: false, said: quote }] }
  }
  const evidence = { n: 1, pageText, start, end, language: language ?? null }
  const { verdict, checks } = checkClaim({ sentence, language: language ?? null, evidence: [evidence] })
  return { verdict, checks }
}

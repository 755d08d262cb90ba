/** What the checker found about a sentence and its source, in at most three lines. Pure. */
import type { Check, Citation } from '@lyceum/contract/chat'
import type { TFunction } from 'i18next'
import type { z } from 'zod'

export interface ReceiptLine {
  isGood: boolean
  text: string
}

const mostLines = 3
const comparable = ['number', 'name', 'date'] as const

/** What failed comes first, as that is what one must know. */
export const receiptLines = ({ checks }: Citation, t: TFunction): ReceiptLine[] => {
  const failed = checks.filter(({ ok }) => !ok).map((check) => ({ isGood: false, text: failedText(check, t) }))
  const isGood = (kind: z.infer<typeof Check>['kind']): boolean =>
    checks.some((check) => check.kind === kind && check.ok)
  const good = [
    isGood('quote') && t('receipt.quote'),
    comparable.every(isGood) && t('receipt.values'),
    isGood('wording') && t('receipt.wording'),
  ]
  const lines = good.filter((text) => text !== false).map((text) => ({ isGood: true, text }))
  return [...failed, ...lines].slice(0, mostLines)
}

const failedText = ({ kind, said, page }: z.infer<typeof Check>, t: TFunction): string => {
  if (kind === 'quote') return t('receipt.noQuote')
  if (kind === 'negation') return t('receipt.negation')
  if (said && page) return t('receipt.differs', { said, page })
  return said ? t('receipt.missing', { said }) : t('receipt.wordingFails')
}

import type { Citation } from '@lyceum/contract/chat'
import { Check, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { small } from '../../ui/icon.ts'
import { receiptLines } from './receipt-lines.ts'

/** Why this passage proves the sentence, or how far it does not. Read out when it changes. */
export const Receipt = ({ citation }: { citation: Citation | null }) => {
  const { t } = useTranslation()
  const lines = citation ? receiptLines(citation, t) : [{ isGood: false, text: t('receipt.nearest') }]
  return (
    <div role="status">
      <ul className="receipt" aria-label={t('receipt.label')}>
        {lines.map(({ isGood, text }) => (
          <li key={text} className={isGood ? undefined : 'bad'}>
            {isGood ? <Check {...small} /> : <TriangleAlert {...small} />}
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../ui/copy-button.tsx'
import { copyOf } from './copy-answer.ts'
import type { AnswerView } from './exchanges.ts'

/** What can be done with an answer that stands. */
export const AnswerActs = ({ answer }: { answer: AnswerView }) => {
  const { t } = useTranslation()
  return (
    <div className="acts">
      <CopyButton what="answer" text={() => copyOf(answer, (page) => t('sources.page', { page }))} />
    </div>
  )
}

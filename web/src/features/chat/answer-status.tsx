import { useTranslation } from 'react-i18next'
import { type AnswerView, isInTheMaking } from './exchanges.ts'
import type { TurnStatus } from './turn-state.ts'

/** What the server says of itself; before it says anything the question is on its way. */
const steps = ['waiting', 'searching', 'reading', 'writing', 'rewriting', 'quoting'] as const
type Step = (typeof steps)[number]
const isStep = (step: string): step is Step => steps.some((known) => known === step)

/** One pencil line: what is done while nothing stands there yet, and why nothing more comes. */
export const AnswerStatus = ({ answer }: { answer: AnswerView }) => {
  const { t } = useTranslation()
  const { state, status, text, isConnectionLost } = answer
  if (isConnectionLost) return <p className="pencil-line">{t('answer.connectionLost')}</p>
  if (state === 'stopped')
    return <p className="pencil-line">{t(text === '' ? 'answer.stoppedEarly' : 'answer.stopped')}</p>
  if (isInTheMaking(answer) && text === '') return <StepLine status={status} />
  return null
}

const StepLine = ({ status }: { status: TurnStatus | null }) => {
  const { t } = useTranslation()
  const { step, pages } = status ?? { step: 'waiting' }
  if (step === 'reading' && pages) return <p className="pencil-line">{t('answer.readingPages', { count: pages })}</p>
  // A server may do more than this page has words for.
  return <p className="pencil-line">{t(isStep(step) ? `answer.step.${step}` : 'answer.working')}</p>
}

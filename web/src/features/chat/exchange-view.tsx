import { memo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { directionOf } from '../../lib/direction.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { AnswerActs } from './answer-acts.tsx'
import { sentencesOf } from './answer-blocks.ts'
import { AnswerStatus } from './answer-status.tsx'
import { AnswerText } from './answer-text.tsx'
import { type Exchange, isBeingMade } from './exchanges.ts'
import { hasMarkdown } from './has-markdown.ts'
import { PlainAnswer } from './plain-answer.tsx'
import { ProofLine } from './proof-line.tsx'
import type { Opened } from './reading-context.ts'
import { Refusal } from './refusal.tsx'
import { useMarkdown } from './use-markdown.ts'

interface Props {
  exchange: Exchange
  opened: Opened | null
  onOpen: (exchange: Exchange, opened: Opened) => void
  hrefOf: (exchange: Exchange, source: number) => string
  onAskAgain: (question: string) => void
}

const isSame = (a: Props, b: Props): boolean =>
  a.exchange === b.exchange &&
  a.opened?.source === b.opened?.source &&
  a.opened?.sentence === b.opened?.sentence &&
  a.onOpen === b.onOpen &&
  a.hrefOf === b.hrefOf &&
  a.onAskAgain === b.onAskAgain

/** A question, how well its answer is proved, and the answer. One that nothing happens to is left alone. */
export const ExchangeView = memo(({ exchange, opened, onAskAgain, onOpen, hrefOf }: Props) => {
  const { question, answer } = exchange
  const isMaking = isBeingMade(exchange)
  // What has been read as Markdown once stays so: it is not set anew when the answer is finished.
  const wasMade = useRef(false)
  wasMade.current ||= isMaking
  const Words = useMarkdown(wasMade.current || hasMarkdown(answer.text)) ?? PlainAnswer
  const reading = {
    opened,
    onOpen: (opened: Opened) => onOpen(exchange, opened),
    hrefOf: (source: number) => hrefOf(exchange, source),
  }
  return (
    <article className="turn">
      <h2 dir={directionOf(question)}>{question}</h2>
      {answer.refused ? (
        <Refusal sources={answer.sources} {...reading} />
      ) : (
        <>
          <ProofLine sentences={sentencesOf(answer.citations)} withheld={answer.withheld} {...reading} />
          {answer.isFallback && <FallbackNote />}
          {answer.text !== '' && <AnswerText answer={answer} Words={Words} {...reading} />}
        </>
      )}
      <AnswerStatus answer={answer} />
      {answer.state === 'failed' && <Failure error={answer.error} onRetry={() => onAskAgain(question)} />}
      {answer.text !== '' && !answer.refused && !isMaking && <AnswerActs answer={answer} />}
    </article>
  )
}, isSame)

const FallbackNote = () => {
  const { t } = useTranslation()
  return <p className="pencil-line">{t('answer.fallback')}</p>
}

const Failure = ({ error, onRetry }: { error: unknown; onRetry: () => void }) => {
  const { t } = useTranslation()
  if (error !== null) return <ProblemNote error={error} onRetry={onRetry} />
  return (
    <p className="pencil-line">
      {t('answer.failed')}{' '}
      <button type="button" className="btn line small" onClick={onRetry}>
        {t('action.tryAgain')}
      </button>
    </p>
  )
}

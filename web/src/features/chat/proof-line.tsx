import { useTranslation } from 'react-i18next'
import { Ticks } from '../../ui/ticks.tsx'
import type { Sentence } from './answer-blocks.ts'
import type { Opened } from './reading-context.ts'

const verdicts = ['supported', 'weak', 'unsupported'] as const

interface Props {
  sentences: readonly Sentence[]
  withheld: number
  opened: Opened | null
  onOpen: (opened: Opened) => void
}

/** One tick for each sentence that claims something, and the same in words. Pressed, it goes from problem to problem. */
export const ProofLine = ({ sentences, withheld, opened, onOpen }: Props) => {
  const { t } = useTranslation()
  if (sentences.length === 0 && withheld === 0) return null
  const counts = verdicts
    .map((verdict) => ({ verdict, count: sentences.filter((sentence) => sentence.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => t(`proof.${verdict}`, { count }))
  const all = t('proof.sentences', { count: sentences.length })
  const line = sentences.length > 0 && (
    <>
      <Ticks ticks={sentences.map(({ verdict }) => verdict)} />
      <span>{t('proof.line', { all, counts: counts.join(t('proof.and')) })}</span>
    </>
  )
  const next = nextProblem(sentences, opened?.sentence ?? -1)
  return (
    <div className="proof">
      {next ? (
        <button type="button" className="problems" title={t('proof.walk')} onClick={() => onOpen(next)}>
          {line}
        </button>
      ) : (
        <p>{line}</p>
      )}
      {withheld > 0 && <p>{t('proof.withheld', { count: withheld })}</p>}
    </div>
  )
}

/** The next sentence that is not proved, in the order of reading, and from the last to the first. */
const nextProblem = (sentences: readonly Sentence[], after: number): Opened | null => {
  const problems = sentences.flatMap(({ verdict, citations: [first] }, sentence) =>
    verdict !== 'supported' && first ? [{ sentence, source: first.source }] : [],
  )
  return problems.find(({ sentence }) => sentence > after) ?? problems[0] ?? null
}

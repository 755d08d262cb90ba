import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { blocksOf } from './answer-blocks.ts'
import { type Exchange, isBeingMade } from './exchanges.ts'

const saidAfterMs = 5000

/** Tells a screen reader what comes, paragraph by paragraph, and not letter by letter. */
export const AnswerVoice = ({ exchange }: { exchange: Exchange | undefined }) => {
  const { t } = useTranslation()
  const [watched, setWatched] = useState<string | null>(null)
  const isMaking = exchange !== undefined && isBeingMade(exchange)
  const key = exchange?.key ?? null
  useEffect(() => {
    if (isMaking) return setWatched(key)
    // Said is said: what stays here would be found a second time by who searches the page.
    const timer = setTimeout(() => setWatched(null), saidAfterMs)
    return () => clearTimeout(timer)
  }, [isMaking, key])
  return (
    <div className="sr" aria-live="polite">
      {exchange && watched === key && (
        <Said exchange={exchange} end={t('answer.complete')} refusal={t('refusal.lead')} />
      )}
    </div>
  )
}

const Said = ({ exchange, end, refusal }: { exchange: Exchange; end: string; refusal: string }) => {
  const { answer } = exchange
  const isMaking = isBeingMade(exchange)
  if (answer.refused) return <p>{refusal}</p>
  const blocks = blocksOf(answer.text, answer.citations, answer.sources)
  const whole = isMaking ? blocks.slice(0, -1) : blocks
  return (
    <>
      {whole.map(({ start, pieces }) => (
        <p key={start}>{spoken(pieces.map(({ text }) => text).join(''))}</p>
      ))}
      {!isMaking && <p>{end}</p>}
    </>
  )
}

/** Marks of Markdown are looks, and are not read out. */
const spoken = (text: string): string => text.replace(/\*\*?|`+|\$\$?|^>+\s?|^\|[-:| ]+\|$/gm, '').replaceAll('|', ' ')

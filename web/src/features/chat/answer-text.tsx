import { type ComponentType, useMemo, useRef } from 'react'
import { textProps } from '../../lib/direction.ts'
import { type AnswerView, isInTheMaking } from './exchanges.ts'
import { HoverSlip } from './hover-slip.tsx'
import { type Opened, type Reading, ReadingProvider } from './reading-context.ts'
import { usePeek } from './use-peek.ts'

export interface AnswerTextProps {
  answer: AnswerView
  /** What shows its words. */
  Words: ComponentType<{ answer: AnswerView }>
  opened: Opened | null
  onOpen: (opened: Opened) => void
  hrefOf: (source: number) => string
}

/** The answer in its own direction, sentence by sentence. */
export const AnswerText = ({ answer, Words, opened, onOpen, hrefOf }: AnswerTextProps) => {
  const { text, sources } = answer
  const peek = usePeek()
  const calls = useRef({ onOpen, hrefOf })
  calls.current = { onOpen, hrefOf }
  const { peeked, onPeek, onLeave, close } = peek
  const [source, sentence] = [opened?.source, opened?.sentence ?? null]
  const reading = useMemo<Reading>(
    () => ({
      sources,
      opened: source === undefined ? null : { source, sentence },
      peeked,
      onPeek,
      onLeave,
      onOpen: (next) => {
        close()
        calls.current.onOpen(next)
      },
      hrefOf: (n) => calls.current.hrefOf(n),
    }),
    [sources, source, sentence, peeked, onPeek, onLeave, close],
  )
  return (
    <ReadingProvider value={reading}>
      <div className={isInTheMaking(answer) ? 'read making' : 'read'} {...textProps(text)}>
        <Words answer={answer} />
      </div>
      <HoverSlip peek={peek} sources={sources} />
    </ReadingProvider>
  )
}

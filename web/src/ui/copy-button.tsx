import { Check, Copy, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyText } from '../lib/clipboard.ts'
import { small } from './icon.ts'

const shownMs = 2000
const icons = { idle: Copy, done: Check, failed: TriangleAlert }

interface Props {
  what: 'answer' | 'code' | 'passage'
  /** Made when it is wanted. */
  text: () => string
}

/** Copies, and says that it has. */
export const CopyButton = ({ what, text }: Props) => {
  const { t } = useTranslation()
  const [state, setState] = useState<keyof typeof icons>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), shownMs)
    return () => clearTimeout(timer)
  }, [state])
  const label = t(state === 'idle' ? `copy.${what}` : `copy.${state}`)
  const Icon = icons[state]
  return (
    <>
      <button
        type="button"
        className="btn icon small copy"
        aria-label={t(`copy.${what}`)}
        title={label}
        onClick={() => void copyText(text()).then((isDone) => setState(isDone ? 'done' : 'failed'))}
      >
        <Icon {...small} />
      </button>
      <span className="sr" role="status">
        {state === 'idle' ? '' : label}
      </span>
    </>
  )
}

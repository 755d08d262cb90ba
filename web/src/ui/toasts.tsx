import { Undo2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { explain } from '../lib/problems.ts'
import { small } from './icon.ts'

const offerMs = 8000

interface UndoProps {
  text: string
  onUndo: () => void
  onEnd: () => void
}

/** One line and one act. It stays while the pointer or the focus is on it. */
export const UndoToast = ({ text, onUndo, onEnd }: UndoProps) => {
  const { t } = useTranslation()
  const [isPointed, setPointed] = useState(false)
  const [hasFocus, setFocus] = useState(false)
  const isHeld = isPointed || hasFocus
  const end = useRef(onEnd)
  end.current = onEnd
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => end.current(), offerMs)
    return () => clearTimeout(timer)
  }, [isHeld])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only waits while somebody is on it
    <div
      className="toast"
      onMouseEnter={() => setPointed(true)}
      onMouseLeave={() => setPointed(false)}
      onFocus={() => setFocus(true)}
      onBlur={() => setFocus(false)}
    >
      <p>{text}</p>
      <button type="button" className="btn small" onClick={onUndo}>
        <Undo2 {...small} className="turns" />
        {t('action.undo')}
      </button>
    </div>
  )
}

/** What was taken for done and is not after all. */
export const FailureToast = ({ error, onClose }: { error: unknown; onClose: () => void }) => {
  const { t } = useTranslation()
  const { title, advice, requestId } = explain(error, t)
  return (
    <div className="toast" role="alert">
      <p>
        {title} <bdi>{advice}</bdi> {requestId && <bdi>{requestId}</bdi>}
      </p>
      <button type="button" className="btn small" onClick={onClose}>
        {t('action.close')}
      </button>
    </div>
  )
}

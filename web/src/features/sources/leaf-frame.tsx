import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMedia } from '../../lib/use-media.ts'
import { useDragDown } from './use-drag-down.ts'

interface Props {
  onClose: () => void
  children: ReactNode
}

/** Beside the answer where there is room, else a sheet over it that keeps the focus until it is closed. */
export const LeafFrame = ({ onClose, children }: Props) => {
  const isNarrow = useMedia('(max-width: 940px)')
  return isNarrow ? <Sheet onClose={onClose}>{children}</Sheet> : <Beside onClose={onClose}>{children}</Beside>
}

const Beside = ({ onClose, children }: Props) => {
  const { t } = useTranslation()
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [onClose])
  return (
    <aside className="leaf" aria-label={t('sources.title')}>
      {children}
    </aside>
  )
}

const Sheet = ({ onClose, children }: Props) => {
  const { t } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  const drag = useDragDown(dialog, onClose)
  // Before the page's heading takes the focus, which opening would take away again.
  useLayoutEffect(() => dialog.current?.showModal(), [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside the sheet closes it; the keyboard has Escape
    <dialog
      ref={dialog}
      className="leaf sheet"
      aria-label={t('sources.title')}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className="grip" title={t('sources.drag')} {...drag}>
        <i />
      </div>
      <div className="sheet-inside">{children}</div>
    </dialog>
  )
}

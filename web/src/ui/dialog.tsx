import { type ReactNode, useLayoutEffect, useRef } from 'react'

interface Props {
  label: string
  className: string
  onClose: () => void
  children: ReactNode
}

/** Keeps the focus until it is closed, by Escape or a press beside it, and then gives it back to what had it. */
export const Dialog = ({ label, className, onClose, children }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const { current } = dialog
    const { activeElement } = document
    current?.showModal()
    return () => {
      current?.close()
      if (activeElement instanceof HTMLElement && activeElement.isConnected)
        activeElement.focus({ preventScroll: true })
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside it closes it; the keyboard has Escape
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      {children}
    </dialog>
  )
}

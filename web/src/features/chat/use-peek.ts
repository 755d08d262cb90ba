import { useCallback, useEffect, useRef, useState } from 'react'
import type { Peeked } from './reading-context.ts'

/** A pointer that passes over shows nothing, and one on its way from the chip to the slip does not lose it. */
const restMs = 150

export interface Peek {
  peeked: Peeked | null
  onPeek: (peeked: Peeked) => void
  onLeave: () => void
  /** The pointer is on the slip: it stays. */
  onStay: () => void
  close: () => void
}

/** What shows while the pointer rests on a chip, until it leaves, the page scrolls or Escape is pressed. */
export const usePeek = (): Peek => {
  const [peeked, setPeeked] = useState<Peeked | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const after = useCallback((then: () => void): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(then, restMs)
  }, [])
  const onPeek = useCallback((next: Peeked) => after(() => setPeeked(next)), [after])
  const onLeave = useCallback(() => after(() => setPeeked(null)), [after])
  const onStay = useCallback(() => clearTimeout(timer.current), [])
  const close = useCallback((): void => {
    clearTimeout(timer.current)
    setPeeked(null)
  }, [])
  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    if (!peeked) return
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      // It closes the slip, and nothing else.
      event.preventDefault()
      event.stopPropagation()
      close()
    }
    addEventListener('keydown', onKey, true)
    addEventListener('scroll', close, true)
    return () => {
      removeEventListener('keydown', onKey, true)
      removeEventListener('scroll', close, true)
    }
  }, [peeked, close])
  return { peeked, onPeek, onLeave, onStay, close }
}

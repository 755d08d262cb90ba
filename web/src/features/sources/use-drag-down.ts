import { type PointerEvent, type RefObject, useRef } from 'react'

/** So far down, as a part of its height, and a sheet that is let go closes. */
const closesAt = 0.25

/** Handlers for the grip of a sheet: it follows the finger, and closes when let go far enough down. */
export const useDragDown = (sheet: RefObject<HTMLElement | null>, onClose: () => void) => {
  const from = useRef<number | null>(null)
  const move = (y: number): number => {
    const by = Math.max(0, y - (from.current ?? y))
    if (sheet.current) sheet.current.style.transform = by > 0 ? `translateY(${by}px)` : ''
    return by
  }
  return {
    onPointerDown: (event: PointerEvent): void => {
      event.currentTarget.setPointerCapture(event.pointerId)
      from.current = event.clientY
    },
    onPointerMove: (event: PointerEvent): void => {
      if (from.current !== null) move(event.clientY)
    },
    onPointerUp: (event: PointerEvent): void => {
      if (from.current === null) return
      const isFar = move(event.clientY) > (sheet.current?.clientHeight ?? 0) * closesAt
      if (isFar) onClose()
      else move(from.current)
      from.current = null
    },
    onPointerCancel: (): void => {
      if (from.current !== null) move(from.current)
      from.current = null
    },
  }
}

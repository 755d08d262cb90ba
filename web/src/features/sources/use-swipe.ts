import { type TouchEvent, useRef } from 'react'

/** A finger that moves less is pressing. */
const leastPx = 40

/** Handlers for a finger that is drawn along a strip: on by one against the direction of reading, or back. */
export const useSwipe = (onSwipe: (by: 1 | -1) => void) => {
  const from = useRef<{ x: number; y: number } | null>(null)
  return {
    onTouchStart: ({ touches }: TouchEvent): void => {
      const touch = touches.item(0)
      from.current = touch ? { x: touch.clientX, y: touch.clientY } : null
    },
    onTouchEnd: ({ changedTouches, currentTarget }: TouchEvent): void => {
      const touch = changedTouches.item(0)
      if (!touch || !from.current) return
      const [x, y] = [touch.clientX - from.current.x, touch.clientY - from.current.y]
      from.current = null
      if (Math.abs(x) < leastPx || Math.abs(x) < 2 * Math.abs(y)) return
      const isOn = getComputedStyle(currentTarget).direction === 'rtl' ? x > 0 : x < 0
      onSwipe(isOn ? 1 : -1)
    },
  }
}

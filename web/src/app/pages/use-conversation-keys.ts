import { useEffect } from 'react'
import { useLetters } from '../../lib/shortcuts.tsx'
import { useStable } from '../../lib/use-stable.ts'
import type { LeafState } from './use-leaf.ts'

interface Given {
  leaf: LeafState
  /** Stops the answer that is being made; there is none when left out. */
  stop: (() => void) | undefined
}

/** Keys of a conversation, wherever the focus is: Escape stops, Alt and a digit open a source, brackets turn to the next. */
export const useConversationKeys = ({ leaf, stop }: Given): void => {
  const { areOn } = useLetters()
  const onKey = useStable((event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const run = actionOf(event, { leaf, stop, hasLetters: areOn })
    if (!run) return
    event.preventDefault()
    run()
  })
  useEffect(() => {
    // Before what would close: stopping comes first.
    addEventListener('keydown', onKey, true)
    return () => removeEventListener('keydown', onKey, true)
  }, [onKey])
}

/** An open dialog is all there is; the sheet of sources is the conversation's own. */
const isElsewhere = (): boolean => document.querySelector('dialog:modal:not(.leaf)') !== null

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null

interface Acts extends Given {
  /** Keys that are characters may be switched off. */
  hasLetters: boolean
}

const actionOf = (event: KeyboardEvent, acts: Acts): (() => void) | null => {
  if (isElsewhere()) return null
  const { altKey, ctrlKey, metaKey } = event
  if (altKey && !ctrlKey && !metaKey) return sourceOf(event, acts)
  // Many keyboards have their brackets on the right Alt key, which counts as Control and Alt.
  if ((altKey || ctrlKey || metaKey) && !event.getModifierState('AltGraph')) return null
  return plainAction(event, acts)
}

const sourceOf = ({ code }: KeyboardEvent, { leaf }: Acts): (() => void) | null => {
  const digit = /^Digit([1-9])$/.exec(code)?.[1]
  return digit ? leaf.showNumber(Number(digit)) : null
}

const plainAction = (event: KeyboardEvent, { leaf, stop, hasLetters }: Acts): (() => void) | null => {
  const { key } = event
  if (key === 'Escape') return stop ?? null
  if (!hasLetters || isTyping(event)) return null
  if (key === '[') return leaf.turnBy(-1)
  return key === ']' ? leaf.turnBy(1) : null
}

import { type RefObject, useLayoutEffect, useRef } from 'react'

/**
 * Shows the newest question at the top of the window when it is asked, and leaves the scroll alone while it is answered.
 * An address that names a source begins with the answer that it proves.
 */
export const useStayAtEnd = (conversationId: string, lastKey: string | undefined): RefObject<HTMLElement | null> => {
  const scroll = useRef<HTMLElement>(null)
  const shown = useRef<string>(null)
  useLayoutEffect(() => {
    const { current } = scroll
    const isFirst = shown.current !== conversationId
    if (lastKey) shown.current = conversationId
    const proved = isFirst ? current?.querySelector('.sentence.on')?.closest('.turn') : null
    const turn = proved ?? current?.querySelector('.turn:last-of-type')
    if (!current || !turn) return
    current.scrollTop += turn.getBoundingClientRect().top - current.getBoundingClientRect().top
  }, [conversationId, lastKey])
  return scroll
}

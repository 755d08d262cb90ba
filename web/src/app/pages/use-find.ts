import { useEffect, useState } from 'react'

/**
 * What is typed into the page's field. The address keeps it and follows a moment later, so typing does not wait for it;
 * an address that was opened or gone back to fills the field.
 */
export const useFind = (kept: string | undefined, keep: (text: string | undefined) => void) => {
  const [text, setText] = useState(kept ?? '')
  useEffect(() => {
    if (document.activeElement?.id !== 'find') setText(kept ?? '')
  }, [kept])
  const find = (text: string): void => {
    setText(text)
    keep(text || undefined)
  }
  return { text, find }
}

/** What somebody has typed and not sent survives a reload. */
import { useState } from 'react'
import { readStored, store } from './stored.ts'

const draftPrefix = 'lyceum.draft.'

/** The draft of this name, and how to change it. */
export const useDraft = (name: string): [string, (text: string) => void] => {
  const key = draftPrefix + name
  const [draft, setDraft] = useState(() => ({ key, text: readStored(key) ?? '' }))
  const text = draft.key === key ? draft.text : (readStored(key) ?? '')
  const set = (text: string): void => {
    setDraft({ key, text })
    store(key, text)
  }
  return [text, set]
}

/** The next person at this browser must not find what this one typed. */
export const forgetDrafts = (): void => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(draftPrefix)) localStorage.removeItem(key)
  } catch {
    // Not stored, so not there.
  }
}

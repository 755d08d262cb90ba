/** What the sentences of one answer need to know of the page around them. */
import type { Source } from '@lyceum/contract/chat'
import { createContext, useContext } from 'react'

export interface Opened {
  source: number
  sentence: number | null
}

/** A chip that the pointer rests on. */
export interface Peeked {
  source: number
  sentence: number
  chip: HTMLElement
}

export interface Reading {
  sources: readonly Source[]
  /** What lies open beside, when it is of this answer. */
  opened: Opened | null
  peeked: Peeked | null
  onOpen: (opened: Opened) => void
  /** Where a number's link leads, for those who open it elsewhere. */
  hrefOf: (source: number) => string
  /** The pointer is on a chip, or has left it. */
  onPeek: (peeked: Peeked) => void
  onLeave: () => void
}

const ReadingContext = createContext<Reading | null>(null)
export const ReadingProvider = ReadingContext.Provider

export const useReading = (): Reading => {
  const reading = useContext(ReadingContext)
  if (!reading) throw new Error('useReading needs a ReadingProvider')
  return reading
}

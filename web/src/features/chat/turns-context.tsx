import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useState } from 'react'
import { useApi } from '../../lib/api.ts'
import { useStore } from '../../lib/store.ts'
import { perFrame } from './per-frame.ts'
import { conversationsKey, messagesKey } from './queries.ts'
import type { TurnState } from './turn-state.ts'
import { createTurns, type Turns } from './turns.ts'

/** The turns, and their store as the page watches it. */
interface Provided {
  turns: Turns
  watched: Turns['store']
}

const TurnsContext = createContext<Provided | null>(null)

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export const TurnsProvider = ({ children }: { children: ReactNode }) => {
  const api = useApi()
  const queries = useQueryClient()
  const [provided] = useState((): Provided => {
    const turns = createTurns({
      api,
      wait,
      onEnd: ({ conversationId }) => {
        if (conversationId) void queries.invalidateQueries({ queryKey: messagesKey(conversationId) })
        void queries.invalidateQueries({ queryKey: conversationsKey })
      },
    })
    return { turns, watched: perFrame(turns.store) }
  })
  return <TurnsContext value={provided}>{children}</TurnsContext>
}

export const useTurns = (): Turns & { list: TurnState[] } => {
  const provided = useContext(TurnsContext)
  if (!provided) throw new Error('useTurns needs a TurnsProvider')
  return { ...provided.turns, list: useStore(provided.watched) }
}

import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { useApi } from '../../lib/api.ts'
import { keptExchanges, unfollowed, withTurns } from './exchanges.ts'
import { messagesQuery } from './queries.ts'
import { isLive } from './turn-state.ts'
import { useTurns } from './turns-context.tsx'

/** A conversation by its id: what is kept of it, what is being made, and asking on. */
export const useConversation = (id: string, documentId: string | undefined) => {
  const turns = useTurns()
  const { list, resume, forget } = turns
  const query = useQuery(messagesQuery(useApi(), id))
  const kept = useMemo(() => keptExchanges(query.data ?? []), [query.data])
  const own = list.filter(({ conversationId }) => conversationId === id)
  const stopping = useMutation({ mutationFn: turns.stop })

  const lost = query.data ? unfollowed(query.data, list) : null
  const { turnId: lostId, question: lostQuestion } = lost ?? {}
  useEffect(() => {
    if (lostId) resume({ conversationId: id, turnId: lostId, question: lostQuestion ?? '' })
  }, [id, lostId, lostQuestion, resume])

  const ask = (message: string): void => {
    // A question that did not get through is asked again, not twice.
    for (const turn of own) if (turn.phase === 'failed') forget(turn.key)
    turns.ask({ message, conversationId: id, documentIds: documentId ? [documentId] : undefined })
  }
  const running = own.find(isLive)
  return {
    query,
    exchanges: withTurns(kept, own),
    ask,
    stop: (): void => running && stopping.mutate(running),
    stopError: stopping.error,
  }
}

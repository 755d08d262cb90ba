import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTurns } from '../../features/chat/turns-context.tsx'

interface Needs {
  /** The one document that is asked about. */
  document: string | undefined
  /** False while there is nothing yet that could answer: the first document is still being read. */
  mayAsk: boolean
}

/** Asks as soon as that makes sense, and goes to the conversation when the server has named it. */
export const useAskFromHome = ({ document, mayAsk }: Needs) => {
  const navigate = useNavigate()
  const { ask, forget, list } = useTurns()
  const [key, setKey] = useState<string | null>(null)
  const [held, setHeld] = useState<string | null>(null)
  const pending = list.find((turn) => turn.key === key)
  const id = pending?.conversationId

  useEffect(() => {
    if (id) void navigate({ to: '/c/$id', params: { id }, search: { document } })
  }, [id, document, navigate])

  useEffect(() => {
    if (held === null || !mayAsk) return
    setHeld(null)
    setKey(ask({ message: held, documentIds: document ? [document] : undefined }))
  }, [held, mayAsk, ask, document])

  return {
    pending,
    held: mayAsk ? null : held,
    letGo: (): void => setHeld(null),
    ask: (message: string): void => {
      if (key) forget(key)
      setHeld(message)
    },
  }
}

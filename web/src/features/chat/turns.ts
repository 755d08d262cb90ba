/** Answers in the making. They go on while pages come and go, and after a lost connection. */

import { chatRoutes } from '@lyceum/contract/chat'
import { ApiError, type CallOptions, ConnectionError } from '@lyceum/contract/client'
import type { Api } from '../../lib/api.ts'
import { readEvents } from '../../lib/events.ts'
import { newKey } from '../../lib/keys.ts'
import { createStore, type Store } from '../../lib/store.ts'
import { readPart } from './turn-parts.ts'
import { applyPart, isLive, newTurn, type TurnState } from './turn-state.ts'

export interface NewQuestion {
  message: string
  conversationId?: string | undefined
  documentIds?: string[] | undefined
}

export interface Turns {
  store: Store<TurnState[]>
  /** Asks, and gives the turn's key. */
  ask: (question: NewQuestion) => string
  /** Takes up the stream of a turn that goes on at the server. */
  resume: (turn: { conversationId: string; turnId: string; question: string }) => void
  stop: (turn: TurnState) => Promise<void>
  forget: (key: string) => void
}

export interface TurnsNeeds {
  api: Pick<Api, 'call' | 'open'>
  /** Waits before the connection is tried again. */
  wait: (ms: number) => Promise<void>
  /** A turn has ended, well or not: what the server kept is to be read anew. */
  onEnd: (turn: TurnState) => void
}

const longestWaitMs = 10_000

export const createTurns = ({ api, wait, onEnd }: TurnsNeeds): Turns => {
  const store = createStore<TurnState[]>([])
  const find = (key: string): TurnState | undefined => store.get().find((turn) => turn.key === key)
  const change = (key: string, to: (turn: TurnState) => TurnState): void =>
    store.update((all) => all.map((turn) => (turn.key === key ? to(turn) : turn)))

  /** Reads until the answer or the connection ends. */
  const read = async (key: string, response: Response): Promise<void> => {
    change(key, (turn) => ({ ...turn, isConnectionLost: false }))
    for await (const { id, data } of readEvents(response)) {
      const part = readPart(data)
      change(key, (turn) => ({ ...(part ? applyPart(turn, part) : turn), lastEventId: id ?? turn.lastEventId }))
    }
  }

  /** Reads the rest of the stream; a connection that breaks is no failure. */
  const readOn = async (turn: TurnState, turnId: string): Promise<void> => {
    try {
      await read(turn.key, await api.open(chatRoutes.stream, { params: { turnId }, ...from(turn.lastEventId) }))
    } catch (error) {
      if (error instanceof ApiError) throw error
      change(turn.key, (turn) => ({ ...turn, isConnectionLost: true }))
    }
  }

  const reconnect = async (key: string, turnId: string): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      if (attempt > 0) await wait(Math.min(longestWaitMs, 500 * 2 ** attempt))
      const turn = find(key)
      if (!turn || !isLive(turn)) return
      await readOn(turn, turnId)
    }
  }

  /** Follows a turn to its end, whatever happens on the way. */
  const follow = async (key: string, open: (() => Promise<Response>) | null): Promise<void> => {
    try {
      if (open) await read(key, await open()).catch((error: unknown) => keepIfStarted(find(key), error))
      const turnId = find(key)?.turnId
      if (!turnId) throw new ConnectionError('the answer ended before it began')
      await reconnect(key, turnId)
    } catch (error) {
      change(key, (turn) => ({ ...turn, phase: 'failed', isConnectionLost: false, error }))
    }
    const ended = find(key)
    if (ended) onEnd(ended)
  }

  const ask = (question: NewQuestion): string => {
    const key = newKey()
    const { message, conversationId = null } = question
    store.update((all) => [...all, newTurn({ key, question: message, conversationId, turnId: null })])
    const headers = { accept: 'text/event-stream', 'idempotency-key': key }
    void follow(key, () => api.open(chatRoutes.ask, { body: question, headers }))
    return key
  }

  const resume: Turns['resume'] = ({ conversationId, turnId, question }) => {
    if (store.get().some((turn) => turn.turnId === turnId)) return
    const key = newKey()
    store.update((all) => [...all, newTurn({ key, question, conversationId, turnId })])
    void follow(key, null)
  }

  const stop = async ({ turnId }: TurnState): Promise<void> => {
    if (turnId) await api.call(chatRoutes.stop, { params: { turnId } })
  }
  const forget = (key: string): void => store.update((all) => all.filter((turn) => turn.key !== key))
  return { store, ask, resume, stop, forget }
}

/** Once the server has the question, a broken stream is no failure: the answer goes on there. */
const keepIfStarted = (turn: TurnState | undefined, error: unknown): void => {
  if (!turn?.turnId || error instanceof ApiError) throw error
}

const from = (lastEventId: string | null): CallOptions => ({
  headers: { accept: 'text/event-stream', ...(lastEventId && { 'last-event-id': lastEventId }) },
})

/** A conversation as questions with their answers: what the server kept, and what is still being made. Pure. */
import type { Citation, Message, Source } from '@lyceum/contract/chat'
import { citationsOf, type TurnState, type TurnStatus, textOf } from './turn-state.ts'

export interface Exchange {
  key: string
  question: string
  turnId: string | null
  answer: AnswerView
}

export interface AnswerView {
  text: string
  sources: Source[]
  citations: Citation[]
  refused: boolean
  withheld: number
  state: 'asking' | 'running' | 'complete' | 'stopped' | 'failed'
  status: TurnStatus | null
  isFallback: boolean
  isConnectionLost: boolean
  error: unknown
}

/** What the server kept. */
export const keptExchanges = (messages: readonly Message[]): Exchange[] =>
  messages.filter(({ role }) => role === 'user').map((question) => fromMessages(question, messages))

/** With what is being made; an exchange that no turn touches stays the same object. */
export const withTurns = (kept: readonly Exchange[], turns: readonly TurnState[]): Exchange[] => {
  const known = new Set(kept.map(({ turnId }) => turnId))
  const fresh = turns.filter(({ turnId }) => turnId === null || !known.has(turnId))
  return [...kept.map((exchange) => followed(exchange, turns)), ...fresh.map(fromTurn)]
}

/** The server's own word counts once the answer has ended there. */
const followed = (exchange: Exchange, turns: readonly TurnState[]): Exchange => {
  const turn = turns.find(({ turnId }) => turnId === exchange.turnId)
  if (turn && isBeingMade(exchange)) return { ...fromTurn(turn), question: exchange.question }
  // What was said of how it was made stays while the page does.
  return turn?.isFallback ? { ...exchange, answer: { ...exchange.answer, isFallback: true } } : exchange
}

const fromMessages = (question: Message, messages: readonly Message[]): Exchange => {
  const answer = messages.find(
    ({ role, turnId, parentId }) =>
      role === 'assistant' && (parentId === question.id || (turnId !== null && turnId === question.turnId)),
  )
  const turnId = answer?.turnId ?? question.turnId
  return {
    key: turnId ?? question.id,
    turnId,
    question: question.content,
    answer: answer ? fromMessage(answer) : unanswered,
  }
}

const unanswered: AnswerView = {
  text: '',
  sources: [],
  citations: [],
  refused: false,
  withheld: 0,
  state: 'running',
  status: null,
  isFallback: false,
  isConnectionLost: false,
  error: null,
}

const fromMessage = ({ content, sources, citations, refused, grounding, state }: Message): AnswerView => ({
  ...unanswered,
  text: content,
  sources,
  citations,
  refused,
  withheld: grounding?.withheld ?? 0,
  state,
})

const fromTurn = (turn: TurnState): Exchange => ({
  key: turn.turnId ?? turn.key,
  turnId: turn.turnId,
  question: turn.question,
  answer: {
    ...unanswered,
    text: textOf(turn),
    sources: turn.sources,
    citations: citationsOf(turn),
    refused: turn.refused,
    withheld: turn.grounding?.withheld ?? 0,
    state: turn.phase === 'done' ? 'running' : turn.phase,
    status: turn.status,
    isFallback: turn.isFallback,
    isConnectionLost: turn.isConnectionLost,
    error: turn.error,
  },
})

export const isInTheMaking = ({ state }: AnswerView): boolean => state === 'asking' || state === 'running'
export const isBeingMade = ({ answer }: Exchange): boolean => isInTheMaking(answer)

/** A turn that goes on at the server while this page does not follow it: after a reload, or from another window. */
export const unfollowed = (messages: readonly Message[], turns: readonly TurnState[]) => {
  const running = messages.find(
    ({ role, state, turnId }) => role === 'assistant' && state === 'running' && turnId !== null,
  )
  if (!running?.turnId || turns.some((turn) => turn.turnId === running.turnId)) return null
  const question = messages.find(
    ({ id, turnId, role }) => role === 'user' && (id === running.parentId || turnId === running.turnId),
  )
  return { turnId: running.turnId, question: question?.content ?? '' }
}

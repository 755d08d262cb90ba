/** Following a turn: its stream from any point, or its answer once it is there. */
import { type Actor, scopeOf } from '#platform/actor.ts'
import { AppError } from '#platform/errors.ts'
import type { ServerEvent } from '#platform/http/events.ts'
import { findAnswer, findTurn, presentAnswer, usageOf } from './conversations.ts'
import type { ChatNeeds } from './needs.ts'
import {
  citationPart,
  closingParts,
  failurePart,
  maxTexts,
  type Part,
  sourceParts,
  startParts,
  supersededPart,
  textDelta,
  textEnd,
  textIdOf,
  textStart,
} from './parts.ts'
import type { MessageRow, TurnRow } from './tables.ts'

/** A turn, as far as who follows it has to know, and its stream. */
export interface Followed {
  turn: { id: string; answerId: string }
  events: AsyncIterable<ServerEvent[]>
}

/** What comes after `lastSeq`, also when the turn is over; made from the message when the journal is gone. */
export const followTurn = async (
  { db, journals }: Pick<ChatNeeds, 'db' | 'journals'>,
  actor: Actor,
  { turnId, lastSeq }: { turnId: string; lastSeq: number },
): Promise<AsyncIterable<ServerEvent[]>> => {
  return follow({ db, journals }, actor, { turn: await findTurn(db, actor, turnId), lastSeq })
}

/** A turn that is there already, with its stream from the beginning. */
export const openTurn = async (
  needs: Pick<ChatNeeds, 'db' | 'journals'>,
  actor: Actor,
  turnId: string,
): Promise<Followed> => {
  const turn = await findTurn(needs.db, actor, turnId)
  return { turn, events: await follow(needs, actor, { turn, lastSeq: 0 }) }
}

const follow = async (
  { db, journals }: Pick<ChatNeeds, 'db' | 'journals'>,
  actor: Actor,
  { turn, lastSeq }: { turn: TurnRow; lastSeq: number },
): Promise<AsyncIterable<ServerEvent[]>> => {
  const live = await journals.tail(scopeOf(actor), turn.id, lastSeq)
  return live ?? replay(turn, await findAnswer(db, actor, turn.answerId), lastSeq)
}

/** The answer, when its stream is over. @throws AppError `internal_error` when it could not be made */
export const awaitAnswer = async ({ db }: Pick<ChatNeeds, 'db'>, actor: Actor, { turn, events }: Followed) => {
  for await (const _ of events);
  const message = await findAnswer(db, actor, turn.answerId)
  if (message.state === 'failed') throw new AppError('internal_error', 'The answer could not be made. Ask again.')
  return presentAnswer(message, turn.id)
}

const replay = async function* (turn: TurnRow, message: MessageRow, lastSeq: number): AsyncGenerator<ServerEvent[]> {
  const parts = lastSeq === 0 ? wholeOf(turn, message) : againFrom(message)
  yield parts.map((part, at) => ({ id: lastSeq + at + 1, data: JSON.stringify(part) }))
}

const wholeOf = (turn: TurnRow, message: MessageRow): Part[] => [
  ...startParts(message.id, { conversationId: turn.conversationId, turnId: turn.id }),
  ...answerParts(message, textIdOf(0)),
]

/** What exactly the reader has read nobody remembers any more: it drops that, and is told the answer again. */
const againFrom = (message: MessageRow): Part[] => {
  const dropped = Array.from({ length: maxTexts + 1 }, (_, at) => textIdOf(at))
  return [...dropped.map(supersededPart), ...answerParts(message, textIdOf(maxTexts))]
}

const answerParts = (message: MessageRow, textId: string): Part[] => {
  const { sources, citations, content, grounding, refused, state } = message
  const text = [textStart(textId), ...citations.map(citationPart), textDelta(textId, content), textEnd(textId)]
  return [
    ...sourceParts(sources),
    ...(content ? text : []),
    ...(state === 'failed' ? [failurePart] : []),
    ...closingParts({ ...(grounding ?? { score: 1, unsupported: 0, withheld: 0 }), refused }, usageOf(message)),
  ]
}

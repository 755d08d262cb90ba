/** A question becomes a turn: written down whole before anything is answered. */
import type { Question } from '@lyceum/contract/chat'
import { uuidv7 } from 'uuidv7'
import { checkDocuments } from '#modules/knowledge'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { isSqlState, notNullViolation, type Statement, uniqueViolation } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import type { JournalRef } from '#platform/journal/index.ts'
import { aiAccess } from './ai-access.ts'
import type { ChatNeeds } from './needs.ts'
import { firstPosition, type Turn, type TurnInput } from './tables.ts'

export interface StartedTurn extends JournalRef {
  conversationId: string
  answerId: string
  /** When nothing can stand before it: the turn is in the hands of this process, which has to run it. */
  held: Turn | null
}

/**
 * Saves the question and an empty answer, and opens the turn's journal. Whoever has the turn's id can follow it from here.
 * @throws AppError `ai_access_denied`, `conversation_not_found`, `document_not_found`, `not_found` (course)
 */
export const startTurn = async (
  needs: Pick<ChatNeeds, 'db' | 'journals' | 'clock' | 'audit'>,
  actor: Actor,
  question: Question,
  turnId = uuidv7(),
): Promise<StartedTurn> => {
  const { db, journals, clock, audit } = needs
  const now = clock.now()
  const access = aiAccess(actor, now)
  if (!access.allowed) {
    const details = { reason: access.reason, ...(access.until && { until: access.until.toISOString() }) }
    throw new AppError('ai_access_denied', 'The tutor is closed for you at the moment.', { details })
  }
  if (question.courseId) throw new AppError('not_found', 'There is no such course.')
  if (question.documentIds) await checkDocuments(db, actor, question.documentIds)
  const turn = newTurn(actor, question, turnId)
  const isFirst = !question.conversationId
  const place = { turn, title: titleOf(question.message), now }
  try {
    await db.batch(scopeOf(actor), [
      isFirst ? newConversation(place) : joinConversation(place),
      turnStatement(place),
      messagesStatement(turn.id),
      journals.create(turn, 'turn', isFirst),
      await audit.statement(actor, { action: 'tutor.asked', metadata: factsOf(turn, question) }),
    ])
  } catch (error) {
    // A turn without a conversation has no place in it.
    if (isFirst || !isSqlState(error, notNullViolation)) throw error
    throw new AppError('conversation_not_found', 'There is no such conversation.')
  }
  const { id, institutionId, personId, conversationId, answerId } = turn
  return { id, institutionId, personId, conversationId, answerId, held: isFirst ? turn : null }
}

/** As `startTurn`, under an id that was given to it before; null when the turn is there already. */
export const startTurnAs = async (
  turnId: string,
  ...[needs, actor, question]: Parameters<typeof startTurn>
): Promise<StartedTurn | null> => {
  try {
    return await startTurn(needs, actor, question, turnId)
  } catch (error) {
    // Who began it ended before it could say so; the sweep finds it.
    if (isSqlState(error, uniqueViolation, 'turns_pkey')) return null
    throw error
  }
}

/** For the audit trail: which question it was and what it was held to, never what it said. */
const factsOf = ({ id: turnId, conversationId }: Turn, { mode, documentIds }: Question) => ({
  turnId,
  conversationId,
  mode,
  ...(documentIds && { documentIds }),
})

/** As the first turn of its conversation. */
const newTurn = (actor: Actor, question: Question, id: string): Turn => {
  const input: TurnInput = {
    message: question.message,
    mode: question.mode,
    documentIds: question.documentIds,
    // Only one that the question named narrows the scope: without it all that the person may read is asked.
    conversationId: question.conversationId,
  }
  return {
    id,
    institutionId: actor.institutionId,
    personId: actor.id,
    conversationId: question.conversationId ?? uuidv7(),
    // Before the answer's: of messages of one time the ids keep the order.
    questionId: uuidv7(),
    answerId: uuidv7(),
    position: firstPosition,
    input,
    requestId: actor.requestId,
  }
}

interface Place {
  turn: Turn
  title: string
  now: Date
}

const newConversation = ({ turn, title, now }: Place): Statement => ({
  text: `insert into conversations
      (id, institution_id, person_id, title, message_count, last_message_at, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $6, $6)`,
  params: [turn.conversationId, turn.institutionId, turn.personId, title, firstPosition, now],
})

/** Locks the conversation, so that two questions at once get their places one after the other. */
const joinConversation = ({ turn, now }: Place): Statement => ({
  text: `update conversations
    set message_count = message_count + 2, last_message_at = $4, updated_at = $4, version = version + 1
    where id = $1 and institution_id = $2 and person_id = $3 and deleted_at is null`,
  params: [turn.conversationId, turn.institutionId, turn.personId, now],
})

/** Its place is the conversation's count of messages, this question and its answer counted. */
const turnStatement = ({ turn, now }: Place): Statement => ({
  text: `insert into turns (id, institution_id, person_id, conversation_id, question_id, answer_id, position, input,
      request_id, created_at)
    values ($1, $2, $3, $4, $5, $6, (select message_count from conversations
      where id = $4 and institution_id = $2 and person_id = $3 and deleted_at is null), $7, $8, $9)`,
  params: [
    turn.id,
    turn.institutionId,
    turn.personId,
    turn.conversationId,
    turn.questionId,
    turn.answerId,
    JSON.stringify(turn.input),
    turn.requestId,
    now,
  ],
})

/** The question, which follows the last answer, and the answer, which is still empty. */
const messagesStatement = (turnId: string): Statement => ({
  text: `insert into messages (id, institution_id, person_id, conversation_id, parent_id, turn_id, role, content, parts,
      state, created_at, updated_at)
    select line.id, t.institution_id, t.person_id, t.conversation_id, line.parent_id, t.id, line.role, line.content,
      line.parts, line.state, t.created_at, t.created_at
    from turns t, lateral (values
      (t.question_id, (select last.answer_id from turns last
        where last.conversation_id = t.conversation_id and last.person_id = t.person_id and last.position < t.position
        order by last.position desc limit 1), 'user', t.input ->> 'message',
        jsonb_build_array(jsonb_build_object('type', 'text', 'text', t.input ->> 'message')), 'complete'),
      (t.answer_id, t.question_id, 'assistant', '', '[]', 'running')
    ) as line (id, parent_id, role, content, parts, state)
    where t.id = $1`,
  params: [turnId],
})

const titleChars = 80

/** The question's first line, cut at a word. */
export const titleOf = (message: string): string => {
  const [line = ''] = message.trim().split('\n')
  if (line.length <= titleChars) return line
  const cut = line.slice(0, titleChars)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), titleChars / 2)).toWellFormed()}…`
}

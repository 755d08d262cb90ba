/** A question becomes a turn: written down whole before anything is answered. */
import type { Question } from '@lyceum/contract/chat'
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { checkDocuments } from '#modules/knowledge'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { type Db, isSqlState, one, uniqueViolation } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import type { JournalRef } from '#platform/journal/index.ts'
import { aiAccess } from './ai-access.ts'
import type { ChatNeeds } from './needs.ts'
import { conversations, messages, type TurnInput, turns } from './tables.ts'

export interface StartedTurn extends JournalRef {
  conversationId: string
  answerId: string
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
  return db.as(scopeOf(actor), async (db) => {
    const conversation = await takeConversation(db, actor, { question, now })
    const input: TurnInput = {
      message: question.message,
      mode: question.mode,
      documentIds: question.documentIds,
      // Only one that the question named narrows the scope: without it all that the person may read is asked.
      conversationId: question.conversationId,
    }
    const started = await saveTurn(db, actor, { turnId, input, conversation, now })
    await journals.create(db, started, 'turn')
    await audit.record(db, actor, { action: 'tutor.asked', metadata: factsOf(started, question) })
    return started
  })
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
const factsOf = ({ id: turnId, conversationId }: StartedTurn, { mode, documentIds }: Question) => ({
  turnId,
  conversationId,
  mode,
  ...(documentIds && { documentIds }),
})

/** Locks the conversation, so that two questions at once get their places one after the other. */
const takeConversation = async (db: Db, actor: Actor, { question, now }: { question: Question; now: Date }) => {
  const owner = { institutionId: actor.institutionId, personId: actor.id }
  if (!question.conversationId) {
    const values = {
      ...owner,
      title: titleOf(question.message),
      messageCount: 2,
      lastMessageAt: now,
      createdAt: now,
      updatedAt: now,
    }
    return one(await db.insert(conversations).values(values).returning())
  }
  const [taken] = await db
    .update(conversations)
    .set({
      messageCount: sql`${conversations.messageCount} + 2`,
      lastMessageAt: now,
      updatedAt: now,
      version: sql`${conversations.version} + 1`,
    })
    .where(
      and(
        eq(conversations.id, question.conversationId),
        eq(conversations.institutionId, owner.institutionId),
        eq(conversations.personId, owner.personId),
        isNull(conversations.deletedAt),
      ),
    )
    .returning()
  if (!taken) throw new AppError('conversation_not_found', 'There is no such conversation.')
  return taken
}

const titleChars = 80

/** The question's first line, cut at a word. */
export const titleOf = (message: string): string => {
  const [line = ''] = message.trim().split('\n')
  if (line.length <= titleChars) return line
  const cut = line.slice(0, titleChars)
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), titleChars / 2)).toWellFormed()}…`
}

interface TurnToSave {
  turnId: string
  input: TurnInput
  conversation: { id: string; messageCount: number }
  now: Date
}

const saveTurn = async (
  db: Db,
  actor: Actor,
  { turnId, input, conversation, now }: TurnToSave,
): Promise<StartedTurn> => {
  const owner = { institutionId: actor.institutionId, personId: actor.id, conversationId: conversation.id }
  const [last] = await db
    .select({ answerId: turns.answerId })
    .from(turns)
    .where(and(eq(turns.conversationId, conversation.id), eq(turns.personId, actor.id)))
    .orderBy(desc(turns.position))
    .limit(1)
  const [questionId, answerId] = [uuidv7(), uuidv7()]
  const shared = { ...owner, turnId, createdAt: now, updatedAt: now }
  await db.insert(turns).values({
    ...owner,
    id: turnId,
    questionId,
    answerId,
    position: conversation.messageCount,
    input,
    requestId: actor.requestId,
    createdAt: now,
  })
  await db.insert(messages).values([
    {
      ...shared,
      id: questionId,
      parentId: last?.answerId ?? null,
      role: 'user',
      content: input.message,
      parts: [{ type: 'text', text: input.message }],
      state: 'complete',
    },
    { ...shared, id: answerId, parentId: questionId, role: 'assistant', content: '', parts: [], state: 'running' },
  ])
  return {
    id: turnId,
    institutionId: actor.institutionId,
    personId: actor.id,
    conversationId: conversation.id,
    answerId,
  }
}

/** What was said before in a conversation, as much of it as a model needs to understand what leans on it. */
import { and, desc, eq, inArray, isNull, lt } from 'drizzle-orm'
import type { ChatMessage } from '#modules/engines'
import { type Actor, scopeOf } from '#platform/actor.ts'
import type { Database } from '#platform/db/index.ts'
import { withoutMarks } from './marks.ts'
import { firstPosition, messages, turns } from './tables.ts'

const maxMessages = 6
const maxChars = 4_000
const maxMessageChars = 1_500

interface Before {
  conversationId: string
  /** Of the turn that is being answered; others may wait behind it. */
  position: number
}

/** Earlier messages, oldest first, cut to a window. Their marks name sources that are not there any more. */
export const readHistory = async (
  db: Database,
  actor: Actor,
  { conversationId, position }: Before,
): Promise<ChatMessage[]> => {
  if (position === firstPosition) return []
  const found = await db.as(scopeOf(actor), (db) =>
    db
      .select({ role: messages.role, content: messages.content })
      .from(messages)
      .innerJoin(turns, eq(turns.id, messages.turnId))
      .where(
        and(
          eq(messages.conversationId, conversationId),
          eq(messages.personId, actor.id),
          inArray(messages.state, ['complete', 'stopped']),
          isNull(messages.deletedAt),
          lt(turns.position, position),
        ),
      )
      .orderBy(desc(turns.position), desc(messages.id))
      .limit(maxMessages),
  )
  return inWindow(found.filter(({ content }) => content !== '')).toReversed()
}

/** @param newestFirst the newest are kept */
const inWindow = (newestFirst: readonly Pick<ChatMessage, 'role' | 'content'>[]): ChatMessage[] => {
  const kept: ChatMessage[] = []
  let room = maxChars
  for (const { role, content } of newestFirst) {
    const text = (role === 'assistant' ? withoutMarks(content) : content).slice(0, maxMessageChars).toWellFormed()
    room -= text.length
    if (room < 0) break
    kept.push({ role, content: text })
  }
  return kept
}

/** Reading and deleting conversations. Each is one person's own. */
import type { Answer, Conversation, Message } from '@lyceum/contract/chat'
import { and, asc, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm'
import { type Actor, scopeOf } from '#platform/actor.ts'
import { type Database, type Db, one } from '#platform/db/index.ts'
import { AppError } from '#platform/errors.ts'
import { cursorOf, cutPage, readCursor } from '#platform/http/cursor.ts'
import { type ConversationRow, conversations, type MessageRow, messages, type TurnRow, turns } from './tables.ts'

interface PageOfList {
  limit: number
  cursor?: string | undefined
}

const isOwn = (actor: Actor) =>
  and(
    eq(conversations.institutionId, actor.institutionId),
    eq(conversations.personId, actor.id),
    isNull(conversations.deletedAt),
  )

const findConversation = async (db: Db, actor: Actor, id: string): Promise<ConversationRow> => {
  const [row] = await db
    .select()
    .from(conversations)
    .where(and(eq(conversations.id, id), isOwn(actor)))
  if (!row) throw new AppError('conversation_not_found', 'There is no such conversation.')
  return row
}

/** For modules that hang something on a conversation. */
export const isOwnConversation = (db: Database, actor: Actor, id: string): Promise<boolean> =>
  db.as(scopeOf(actor), async (db) => {
    const found = await db
      .select({ id: conversations.id })
      .from(conversations)
      .where(and(eq(conversations.id, id), isOwn(actor)))
    return found.length > 0
  })

export const getConversation = (db: Database, actor: Actor, id: string): Promise<Conversation> =>
  db.as(scopeOf(actor), async (db) => presentConversation(await findConversation(db, actor, id)))

/** Newest first. */
export const listConversations = (db: Database, actor: Actor, { limit, cursor }: PageOfList) =>
  db.as(scopeOf(actor), async (db) => {
    const after = readCursor(cursor)
    const isAfter = after
      ? or(
          lt(conversations.lastMessageAt, after.at),
          and(eq(conversations.lastMessageAt, after.at), lt(conversations.id, after.id)),
        )
      : undefined
    const found = await db
      .select()
      .from(conversations)
      .where(and(isOwn(actor), isAfter))
      .orderBy(desc(conversations.lastMessageAt), desc(conversations.id))
      .limit(limit + 1)
    return cutPage(found, limit, {
      present: presentConversation,
      cursorAt: (last) => cursorOf({ at: last.lastMessageAt, id: last.id }),
    })
  })

/** Oldest first. Question and answer of one turn have the same time; their ids keep the order. */
export const listMessages = (db: Database, actor: Actor, id: string, { limit, cursor }: PageOfList) =>
  db.as(scopeOf(actor), async (db) => {
    await findConversation(db, actor, id)
    const after = readCursor(cursor)
    const isAfter = after
      ? or(gt(messages.createdAt, after.at), and(eq(messages.createdAt, after.at), gt(messages.id, after.id)))
      : undefined
    const found = await db
      .select()
      .from(messages)
      .where(and(eq(messages.conversationId, id), eq(messages.personId, actor.id), isNull(messages.deletedAt), isAfter))
      .orderBy(asc(messages.createdAt), asc(messages.id))
      .limit(limit + 1)
    return cutPage(found, limit, {
      present: presentMessage,
      cursorAt: (last) => cursorOf({ at: last.createdAt, id: last.id }),
    })
  })

export const deleteConversation = (db: Database, actor: Actor, id: string, now: Date): Promise<void> =>
  db.as(scopeOf(actor), async (db) => {
    const conversation = await findConversation(db, actor, id)
    await db
      .update(conversations)
      .set({ deletedAt: now, version: sql`${conversations.version} + 1` })
      .where(eq(conversations.id, conversation.id))
  })

/** A turn of the actor's own. @throws AppError `turn_not_found` */
export const findTurn = (db: Database, actor: Actor, id: string): Promise<TurnRow> =>
  db.as(scopeOf(actor), async (db) => {
    const [turn] = await db
      .select()
      .from(turns)
      .where(and(eq(turns.id, id), eq(turns.institutionId, actor.institutionId), eq(turns.personId, actor.id)))
    if (!turn) throw new AppError('turn_not_found', 'There is no such turn.')
    return turn
  })

/** The message that a turn has made. */
export const findAnswer = (db: Database, actor: Actor, answerId: string): Promise<MessageRow> =>
  db.as(scopeOf(actor), async (db) =>
    one(
      await db
        .select()
        .from(messages)
        .where(and(eq(messages.id, answerId), eq(messages.personId, actor.id))),
    ),
  )

const noGrounding = { score: 1, unsupported: 0, withheld: 0 }

export const presentAnswer = (row: MessageRow, turnId: string): Answer => ({
  conversationId: row.conversationId,
  messageId: row.id,
  turnId,
  text: row.content,
  refused: row.refused,
  sources: row.sources,
  citations: row.citations,
  grounding: row.grounding ?? noGrounding,
  usage: usageOf(row),
})

export const usageOf = (row: MessageRow) => ({
  inputTokens: row.inputTokens,
  outputTokens: row.tokens,
  responseTimeMs: row.responseTimeMs ?? 0,
  model: row.model ?? 'none',
  ...(row.isTokenEstimate && { estimated: true }),
})

const presentConversation = (row: ConversationRow): Conversation => ({
  id: row.id,
  title: row.title,
  topic: row.topic,
  courseId: row.courseId,
  messageCount: row.messageCount,
  lastMessageAt: row.lastMessageAt.toISOString(),
  totalTokens: row.totalTokens,
  favourite: row.favourite,
  archived: row.archived,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

const presentMessage = (row: MessageRow): Message => ({
  id: row.id,
  parentId: row.parentId,
  turnId: row.turnId,
  role: row.role,
  content: row.content,
  contentType: row.contentType,
  state: row.state,
  refused: row.refused,
  tokens: row.tokens,
  model: row.model,
  responseTimeMs: row.responseTimeMs,
  topics: row.topics,
  sources: row.sources,
  citations: row.citations,
  grounding: row.grounding,
  feedback: row.feedback,
  createdAt: row.createdAt.toISOString(),
})

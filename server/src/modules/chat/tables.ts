/** Conversations, their messages, the turns that make answers, and what each model call used. */

import type { Citation, Mode, Source } from '@lyceum/contract/chat'
import { boolean, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { institutions, users } from '#modules/identity'
import { createdAt, id, moment, rowVersion } from '#platform/db/columns.ts'

const owner = () => ({
  institutionId: uuid()
    .notNull()
    .references(() => institutions.id),
  personId: uuid()
    .notNull()
    .references(() => users.id),
})

export const conversations = pgTable(
  'conversations',
  {
    id: id(),
    ...owner(),
    title: text().notNull(),
    topic: text(),
    courseId: uuid(),
    messageCount: integer().notNull().default(0),
    totalTokens: integer().notNull().default(0),
    favourite: boolean().notNull().default(false),
    archived: boolean().notNull().default(false),
    lastMessageAt: createdAt(),
    version: rowVersion(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    deletedAt: moment(),
  },
  (t) => [index().on(t.institutionId), index().on(t.personId, t.lastMessageAt)],
)
export type ConversationRow = typeof conversations.$inferSelect

/** One exchange in the making. Its journal has the same id. */
export const turns = pgTable(
  'turns',
  {
    id: id(),
    ...owner(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    questionId: uuid().notNull(),
    answerId: uuid().notNull(),
    /** Place in the conversation: turns run one after the other. */
    position: integer().notNull(),
    /** What the question asked for: scope, mode, documents. */
    input: jsonb().$type<TurnInput>().notNull(),
    state: text({ enum: ['waiting', 'running', 'complete', 'stopped', 'failed'] })
      .notNull()
      .default('waiting'),
    requestId: text().notNull(),
    createdAt: createdAt(),
    endedAt: moment(),
  },
  (t) => [index().on(t.institutionId), index().on(t.personId), index().on(t.conversationId, t.createdAt)],
)
export type TurnRow = typeof turns.$inferSelect
/** What it takes to answer one. */
export type Turn = Pick<
  TurnRow,
  | 'id'
  | 'institutionId'
  | 'personId'
  | 'conversationId'
  | 'questionId'
  | 'answerId'
  | 'position'
  | 'input'
  | 'requestId'
>
/** Of the first turn of a conversation: a question and an answer. */
export const firstPosition = 2
export interface TurnInput {
  message: string
  documentIds?: string[] | undefined
  conversationId?: string | undefined
  mode: Mode
}

export const messages = pgTable(
  'messages',
  {
    id: id(),
    ...owner(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    /** The message it follows; branches share a parent. */
    parentId: uuid(),
    turnId: uuid(),
    role: text({ enum: ['user', 'assistant', 'system'] }).notNull(),
    /** The text parts that stand, joined. */
    content: text().notNull(),
    contentType: text({ enum: ['text', 'artifact', 'image'] })
      .notNull()
      .default('text'),
    parts: jsonb().$type<{ type: 'text'; text: string }[]>().notNull(),
    state: text({ enum: ['complete', 'running', 'stopped', 'failed'] }).notNull(),
    refused: boolean().notNull().default(false),
    sources: jsonb().$type<Source[]>().notNull().default([]),
    citations: jsonb().$type<Citation[]>().notNull().default([]),
    grounding: jsonb().$type<{ score: number; unsupported: number; withheld: number }>(),
    topics: jsonb().$type<string[]>().notNull().default([]),
    feedback: text({ enum: ['up', 'down'] }),
    inputTokens: integer().notNull().default(0),
    /** Of the text itself: what a model wrote for it. */
    tokens: integer().notNull().default(0),
    /** The engine did not count: the two figures above are an estimate. */
    isTokenEstimate: boolean().notNull().default(false),
    model: text(),
    responseTimeMs: integer(),
    version: rowVersion(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    deletedAt: moment(),
  },
  (t) => [
    index().on(t.institutionId),
    index().on(t.personId),
    index().on(t.conversationId, t.createdAt),
    index().on(t.turnId),
  ],
)
export type MessageRow = typeof messages.$inferSelect

/** One row for each call of a model, the extractive tutor included: what it read, wrote and took. */
export const usageEntries = pgTable(
  'usage_entries',
  {
    id: id(),
    ...owner(),
    turnId: uuid(),
    purpose: text().notNull(),
    model: text().notNull(),
    inputTokens: integer().notNull(),
    outputTokens: integer().notNull(),
    isEstimate: boolean().notNull().default(false),
    /** Version of the instructions that the model was given. */
    prompt: text(),
    ms: integer().notNull(),
    createdAt: createdAt(),
  },
  (t) => [index().on(t.institutionId), index().on(t.personId, t.createdAt), index().on(t.turnId)],
)

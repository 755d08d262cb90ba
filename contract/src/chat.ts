import { z } from 'zod'
import { ById, Id, Timestamp } from './ids.ts'
import { limits } from './limits.ts'
import { PageQuery, pageOf } from './pages.ts'
import { empty, json, jsonBody, jsonOrStream, route, stream } from './route.ts'

export const Mode = z.enum(['explain', 'socratic', 'quiz', 'summarise', 'solve'])
export type Mode = z.infer<typeof Mode>

const withinBytes = (bytes: number) => (text: string) => new TextEncoder().encode(text).length <= bytes

export const Question = z.object({
  message: z
    .string()
    .trim()
    .min(1, 'Ask something.')
    .refine(withinBytes(limits.messageBytes), 'A message has at most 32 KiB.'),
  conversationId: Id.optional(),
  documentIds: z.array(Id).max(200).optional(),
  courseId: Id.optional(),
  mode: Mode.default('explain'),
  stream: z.boolean().optional(),
})
export type Question = z.infer<typeof Question>

/** A run of a page's own text, byte for byte at `[start, end)` in UTF-16 code units. */
export const Source = z.object({
  n: z.int(),
  documentId: Id,
  title: z.string(),
  version: z.int(),
  page: z.int(),
  quote: z.string(),
  start: z.int(),
  end: z.int(),
})
export type Source = z.infer<typeof Source>

export const Verdict = z.enum(['supported', 'weak', 'unsupported'])
export const Check = z.object({
  kind: z.enum(['quote', 'number', 'name', 'date', 'negation', 'wording']),
  ok: z.boolean(),
  said: z.string().optional(),
  page: z.string().optional(),
})
export type Check = z.infer<typeof Check>
export const Citation = z.object({
  /** Range of the answer's text. */
  sentence: z.tuple([z.int(), z.int()]),
  source: z.int(),
  verdict: Verdict,
  checks: z.array(Check),
  /** The run of the source's page that it was held against, in UTF-16 code units; without it the source's quote. */
  span: z.tuple([z.int(), z.int()]).optional(),
})
export type Citation = z.infer<typeof Citation>

export const Usage = z.object({
  inputTokens: z.int(),
  outputTokens: z.int(),
  responseTimeMs: z.int(),
  model: z.string(),
  /** The engine did not count its tokens. */
  estimated: z.boolean().optional(),
})
export type Usage = z.infer<typeof Usage>
export const Grounding = z.object({ score: z.number(), unsupported: z.int(), withheld: z.int() })

export const Answer = z.object({
  conversationId: Id,
  messageId: Id,
  turnId: Id,
  text: z.string(),
  refused: z.boolean(),
  sources: z.array(Source),
  citations: z.array(Citation),
  grounding: Grounding,
  usage: Usage,
})
export type Answer = z.infer<typeof Answer>

export const Conversation = z.object({
  id: Id,
  title: z.string(),
  topic: z.string().nullable(),
  courseId: Id.nullable(),
  messageCount: z.int(),
  lastMessageAt: Timestamp,
  totalTokens: z.int(),
  favourite: z.boolean(),
  archived: z.boolean(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Conversation = z.infer<typeof Conversation>

export const Message = z.object({
  id: Id,
  parentId: Id.nullable(),
  turnId: Id.nullable(),
  role: z.enum(['user', 'assistant', 'system']),
  content: z.string(),
  contentType: z.enum(['text', 'artifact', 'image']),
  state: z.enum(['complete', 'running', 'stopped', 'failed']),
  refused: z.boolean(),
  tokens: z.int(),
  model: z.string().nullable(),
  responseTimeMs: z.int().nullable(),
  topics: z.array(z.string()),
  sources: z.array(Source),
  citations: z.array(Citation),
  grounding: Grounding.nullable(),
  feedback: z.enum(['up', 'down']).nullable(),
  createdAt: Timestamp,
})
export type Message = z.infer<typeof Message>

const MessagesQuery = PageQuery.extend({ limit: z.coerce.number().int().min(1).max(200).default(100) })
const ByTurn = z.object({ turnId: Id })
const chat = { auth: 'signed_in', scope: 'chat' } as const
export const chatRoutes = {
  ask: route({
    ...chat,
    id: 'ask',
    method: 'POST',
    path: '/chat',
    limit: 'chat',
    audit: 'tutor.asked',
    idempotent: true,
    summary: 'Ask the tutor',
    body: jsonBody(Question),
    reply: jsonOrStream(Answer),
  }),
  stream: route({
    ...chat,
    id: 'streamTurn',
    method: 'GET',
    path: '/chat/turns/:turnId/stream',
    summary: 'The rest of a turn, from `Last-Event-ID`',
    params: ByTurn,
    reply: stream,
  }),
  stop: route({
    ...chat,
    id: 'stopTurn',
    method: 'POST',
    path: '/chat/turns/:turnId/stop',
    summary: 'Stop an answer; what was said stays',
    params: ByTurn,
    reply: empty(202),
  }),
  conversations: route({
    ...chat,
    id: 'listConversations',
    method: 'GET',
    path: '/chat/conversations',
    summary: 'Own conversations, newest first',
    query: PageQuery,
    reply: json(pageOf(Conversation)),
  }),
  conversation: route({
    ...chat,
    id: 'getConversation',
    method: 'GET',
    path: '/chat/conversations/:id',
    summary: 'One conversation',
    params: ById,
    reply: json(Conversation),
  }),
  messages: route({
    ...chat,
    id: 'listMessages',
    method: 'GET',
    path: '/chat/conversations/:id/messages',
    summary: 'Messages, oldest first',
    params: ById,
    query: MessagesQuery,
    reply: json(pageOf(Message)),
  }),
  removeConversation: route({
    ...chat,
    id: 'deleteConversation',
    method: 'DELETE',
    path: '/chat/conversations/:id',
    audit: 'conversation.deleted',
    summary: 'Delete a conversation',
    params: ById,
    reply: empty(),
  }),
}

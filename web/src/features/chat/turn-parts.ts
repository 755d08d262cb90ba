/** The parts of an answer's stream that this page reads: the AI SDK's UI message stream, version 1. Others are passed over. */
import { Citation, Grounding, Source } from '@lyceum/contract/chat'
import { Id } from '@lyceum/contract/ids'
import { z } from 'zod'

const TurnPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('data-turn'), data: z.object({ conversationId: Id, turnId: Id }) }),
  z.object({
    type: z.literal('data-status'),
    data: z.object({ step: z.string(), documents: z.int().optional(), pages: z.int().optional() }),
  }),
  z.object({ type: z.literal('data-source'), data: Source }),
  z.object({ type: z.literal('text-start'), id: z.string() }),
  z.object({ type: z.literal('data-citation'), data: Citation }),
  z.object({ type: z.literal('text-delta'), id: z.string(), delta: z.string() }),
  z.object({ type: z.literal('data-grounding'), data: Grounding.extend({ refused: z.boolean().default(false) }) }),
  z.object({ type: z.literal('data-superseded'), data: z.object({ textId: z.string() }) }),
  z.object({ type: z.literal('finish') }),
  z.object({ type: z.literal('abort') }),
  z.object({ type: z.literal('error'), errorText: z.string() }),
])
export type TurnPart = z.infer<typeof TurnPart>

/** Null for a part that this page does not know. */
export const readPart = (data: string): TurnPart | null => {
  try {
    return TurnPart.safeParse(JSON.parse(data)).data ?? null
  } catch {
    return null
  }
}

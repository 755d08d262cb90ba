/** The parts of a turn's stream: the AI SDK's UI message stream v1, with Lyceum's data parts in it. */
import type { Citation, Grounding, Source, Usage } from '@lyceum/contract/chat'
import type { z } from 'zod'

export type Part = { type: string } & Record<string, unknown>

const data = (name: string, value: unknown): Part => ({ type: `data-${name}`, data: value })

export const startParts = (messageId: string, turn: { conversationId: string; turnId: string }): Part[] => [
  { type: 'start', messageId },
  data('turn', turn),
]
export const statusPart = (status: { step: string }): Part => data('status', status)
/** The text parts of a turn are numbered in the order of their making. @param dropped how many were superseded before */
export const textIdOf = (dropped: number): string => `text-${dropped + 1}`
/** How many processes may try themselves at a turn, each with a text of its own. */
export const maxTexts = 10
/** Its readers drop the text part, and the sources and citations that came with it. */
export const supersededPart = (textId: string): Part => data('superseded', { textId })

export const sourceParts = (sources: readonly Source[]): Part[] =>
  sources.flatMap((source) => [
    data('source', source),
    { type: 'source-document', sourceId: String(source.n), mediaType: 'text/plain', title: source.title },
  ])

export const textStart = (id: string): Part => ({ type: 'text-start', id })
export const textDelta = (id: string, delta: string): Part => ({ type: 'text-delta', id, delta })
export const textEnd = (id: string): Part => ({ type: 'text-end', id })
export const citationPart = (citation: Citation): Part => data('citation', citation)

export const closingParts = (grounding: z.infer<typeof Grounding> & { refused: boolean }, usage: Usage): Part[] => [
  data('grounding', grounding),
  data('usage', usage),
  { type: 'finish' },
]
export const failurePart: Part = { type: 'error', errorText: 'The answer could not be made. Ask again.' }

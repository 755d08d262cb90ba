/** What a scripted answer says, as the parts of the contract's stream and as the message that is kept of it. */
import type { Citation, Source } from '@lyceum/contract/chat'

export interface Part {
  type: string
  [member: string]: unknown
}

/** A sentence with what it is proved by; what stands after it, such as its written numbers, is not part of it. */
export interface Said {
  text: string
  after?: string
  cite?: Omit<Citation, 'sentence'>
}

/** 'hold' waits until it is released, a number so many milliseconds. */
export type Beat = Said | Part | 'hold' | number

export interface Script {
  sources: Source[]
  beats: Beat[]
  withheld?: number
}

export interface Answered {
  conversationId: string
  turnId: string
  questionId: string
  answerId: string
  question: string
  script: Script
  state: 'running' | 'complete' | 'stopped'
  /** Parts so far. */
  said: Part[]
}

const isSaid = (beat: Beat): beat is Said => typeof beat === 'object' && 'text' in beat

/** All parts in order; text of a part that is superseded begins anew, after its sources. */
export function* partsOf({ conversationId, turnId, answerId, script }: Answered): Generator<Part | 'hold' | number> {
  const text = { id: 1, length: 0 }
  const sources = script.sources.map((data) => ({ type: 'data-source', data }))
  yield { type: 'start', messageId: answerId }
  yield { type: 'data-turn', data: { conversationId, turnId } }
  yield* sources
  for (const beat of script.beats) {
    if (isSaid(beat)) yield* sentenceParts(beat, text)
    else yield beat
    if (!isSuperseding(beat)) continue
    Object.assign(text, { id: text.id + 1, length: 0 })
    yield* sources
  }
  yield { type: 'data-grounding', data: { score: 1, unsupported: 0, withheld: script.withheld ?? 0 } }
}

const isSuperseding = (beat: Beat): boolean =>
  typeof beat === 'object' && !isSaid(beat) && beat.type === 'data-superseded'

/** A verdict comes before its words. */
const sentenceParts = ({ text, after = ' ', cite }: Said, so: { id: number; length: number }): Part[] => {
  const id = `text-${so.id}`
  const parts: Part[] = so.length === 0 ? [{ type: 'text-start', id }] : []
  if (cite) parts.push({ type: 'data-citation', data: { ...cite, sentence: [so.length, so.length + text.length] } })
  so.length += text.length + after.length
  return [...parts, { type: 'text-delta', id, delta: text + after }]
}

/** Question and answer as they are kept. */
export const messagesOf = ({ script, said, state, ...ids }: Answered): object[] => {
  const standing = said.slice(said.findLastIndex(({ type }) => type === 'data-superseded') + 1)
  const texts = standing.filter(({ type }) => type === 'text-delta').map(({ delta }) => delta)
  const citations = standing.filter(({ type }) => type === 'data-citation').map(({ data }) => data)
  const common = {
    turnId: ids.turnId,
    contentType: 'text',
    refused: false,
    tokens: 0,
    model: null,
    responseTimeMs: null,
    topics: [],
    sources: [],
    citations: [],
    grounding: null,
    feedback: null,
    createdAt: new Date().toISOString(),
  }
  const grounding = state === 'running' ? null : { score: 1, unsupported: 0, withheld: script.withheld ?? 0 }
  return [
    { ...common, id: ids.questionId, parentId: null, role: 'user', content: ids.question, state: 'complete' },
    {
      ...common,
      id: ids.answerId,
      parentId: ids.questionId,
      role: 'assistant',
      content: texts.join(''),
      state,
      sources: script.sources,
      citations,
      grounding,
    },
  ]
}

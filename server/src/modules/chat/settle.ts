/** The end of a turn: message, turn, usage and the end of the journal become final together. */
import { uuidv7 } from 'uuidv7'
import type { Statement } from '#platform/db/index.ts'
import type { JournalRef, JournalWriter } from '#platform/journal/index.ts'
import { type Composition, groundingOf } from './composition.ts'
import type { ChatNeeds } from './needs.ts'
import { closingParts, failurePart, type Part, textEnd } from './parts.ts'
import type { Turn } from './tables.ts'
import type { ModelCall } from './tutor.ts'

export type Outcome = 'complete' | 'stopped' | 'failed'

export interface Ending {
  writer: JournalWriter
  composition: Composition
  calls: readonly ModelCall[]
  outcome: Outcome
  /** By `performance.now()`. */
  startedAt: number
}

/** @returns the next turn of the conversation, which waited for this one */
export const settle = async (needs: ChatNeeds, turn: Turn, ending: Ending): Promise<JournalRef | null> => {
  const { writer, composition, outcome } = ending
  const { institutionId, personId } = turn
  const now = needs.clock.now()
  const made = { ...ending, calls: accountOf(needs, ending), grounding: groundingOf(composition), now }
  const usage = usageOf(made.calls, ending.startedAt)
  const parts: Part[] = composition.text ? [textEnd(composition.textId)] : []
  if (outcome === 'failed') parts.push(failurePart)
  parts.push(...closingParts({ ...made.grounding, refused: composition.refused }, usage))
  const who = { id: personId, institutionId, requestId: turn.requestId }
  const entry = await needs.audit.statement(who, { action: 'tutor.answered', metadata: factsOf(turn, made) })
  const rows = await writer.end(parts, (closing) =>
    needs.db.batch({ institutionId, personId }, [
      answerStatement(turn, made, usage),
      { text: turnText, params: [turn.id, outcome, now] },
      { text: conversationText, params: [turn.conversationId, now, usage.inputTokens + usage.outputTokens] },
      ...usageStatements(turn, made),
      entry,
      closing,
      // After the conversation was locked: a question that comes now finds this turn ended.
      { text: nextText, params: [turn.conversationId] },
    ]),
  )
  const [next] = rows.at(-1) ?? []
  return next ? { id: String(next.id), institutionId, personId } : null
}

/** For the audit trail: what was drawn on, never what it says. */
const factsOf = ({ id: turnId }: Turn, { composition: { sources, refused }, outcome }: Made) => ({
  turnId,
  outcome,
  refused,
  documentIds: [...new Set(sources.map(({ documentId }) => documentId))],
})

const turnText = 'update turns set state = $2, ended_at = $3 where id = $1'
const conversationText = `update conversations
  set last_message_at = $2, updated_at = $2, total_tokens = total_tokens + $3, version = version + 1 where id = $1`
const nextText = `select id from turns where conversation_id = $1 and state in ('waiting', 'running')
  order by position limit 1`

/** Every answer was made by something: a tutor that enters no call is one itself. */
const accountOf = ({ tutor }: ChatNeeds, { calls, startedAt }: Ending): readonly ModelCall[] => {
  if (calls.length > 0) return calls
  return [{ model: tutor.model, prompt: null, startedAt, inputTokens: 0, outputTokens: 0, isEstimate: false }]
}

/** All calls are paid for; who spoke last is named. */
const usageOf = (calls: readonly ModelCall[], startedAt: number) => {
  const sum = (count: (call: ModelCall) => number): number => calls.reduce((total, call) => total + count(call), 0)
  return {
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    responseTimeMs: Math.round(performance.now() - startedAt),
    model: calls.at(-1)?.model ?? 'none',
    ...(calls.some(({ isEstimate }) => isEstimate) && { estimated: true }),
  }
}

type Made = Ending & { grounding: ReturnType<typeof groundingOf>; now: Date }

const answerStatement = (
  { answerId }: Turn,
  { composition, outcome, grounding, now }: Made,
  usage: ReturnType<typeof usageOf>,
): Statement => {
  const { text, refused, sources, citations } = composition
  return {
    text: `update messages
      set content = $2, parts = $3, state = $4, refused = $5, sources = $6, citations = $7, grounding = $8, model = $9,
        input_tokens = $10, tokens = $11, is_token_estimate = $12, response_time_ms = $13, updated_at = $14,
        version = version + 1
      where id = $1`,
    params: [
      answerId,
      text,
      JSON.stringify(text ? [{ type: 'text', text }] : []),
      outcome,
      refused,
      JSON.stringify(sources),
      JSON.stringify(citations),
      JSON.stringify(grounding),
      usage.model,
      usage.inputTokens,
      usage.outputTokens,
      usage.estimated ?? false,
      usage.responseTimeMs,
      now,
    ],
  }
}

const usageText = `insert into usage_entries (id, institution_id, person_id, turn_id, purpose, model, prompt, input_tokens,
    output_tokens, is_estimate, ms, created_at)
  values ($1, $2, $3, $4, 'answer', $5, $6, $7, $8, $9, $10, $11)`

const usageStatements = ({ id, institutionId, personId }: Turn, { calls, now }: Made): Statement[] => {
  const endedAt = performance.now()
  return calls.map(({ model, prompt, inputTokens, outputTokens, isEstimate, startedAt }, at) => {
    const ms = Math.round((calls[at + 1]?.startedAt ?? endedAt) - startedAt)
    const counts = [inputTokens, outputTokens, isEstimate, ms]
    return { text: usageText, params: [uuidv7(), institutionId, personId, id, model, prompt, ...counts, now] }
  })
}

/** The end of a turn: message, turn, usage and the end of the journal become final together. */
import { eq, sql } from 'drizzle-orm'
import type { AfterCommit, Db } from '#platform/db/index.ts'
import type { JournalWriter } from '#platform/journal/index.ts'
import { type Composition, groundingOf } from './composition.ts'
import type { ChatNeeds } from './needs.ts'
import { closingParts, failurePart, type Part, textEnd } from './parts.ts'
import { conversations, messages, type TurnRow, turns, usageEntries } from './tables.ts'
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

export const settle = (needs: ChatNeeds, turn: TurnRow, ending: Ending): Promise<void> => {
  const { writer, composition, outcome } = ending
  const now = needs.clock.now()
  const made = { ...ending, calls: accountOf(needs, ending), grounding: groundingOf(composition), now }
  const usage = usageOf(made.calls, ending.startedAt)
  const parts: Part[] = composition.text ? [textEnd(composition.textId)] : []
  if (outcome === 'failed') parts.push(failurePart)
  parts.push(...closingParts({ ...made.grounding, refused: composition.refused }, usage))
  const { institutionId, personId } = turn
  return needs.db.as({ institutionId, personId }, async (db: Db, after: AfterCommit) => {
    await db.update(messages).set(answerValues(made, usage)).where(eq(messages.id, turn.answerId))
    await db.update(turns).set({ state: outcome, endedAt: now }).where(eq(turns.id, turn.id))
    await db
      .update(conversations)
      .set({
        lastMessageAt: now,
        updatedAt: now,
        totalTokens: sql`${conversations.totalTokens} + ${usage.inputTokens + usage.outputTokens}`,
        version: sql`${conversations.version} + 1`,
      })
      .where(eq(conversations.id, turn.conversationId))
    await db.insert(usageEntries).values(usageRows(turn, made))
    const who = { id: personId, institutionId, requestId: turn.requestId }
    await needs.audit.record(db, who, { action: 'tutor.answered', metadata: factsOf(turn, made) })
    await writer.end(db, after, parts)
  })
}

/** For the audit trail: what was drawn on, never what it says. */
const factsOf = ({ id: turnId }: TurnRow, { composition: { sources, refused }, outcome }: Made) => ({
  turnId,
  outcome,
  refused,
  documentIds: [...new Set(sources.map(({ documentId }) => documentId))],
})

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

const answerValues = ({ composition, outcome, grounding, now }: Made, usage: ReturnType<typeof usageOf>) => {
  const { text, refused, sources, citations } = composition
  return {
    content: text,
    parts: text ? [{ type: 'text' as const, text }] : [],
    state: outcome,
    refused,
    sources,
    citations,
    grounding,
    model: usage.model,
    inputTokens: usage.inputTokens,
    tokens: usage.outputTokens,
    isTokenEstimate: usage.estimated ?? false,
    responseTimeMs: usage.responseTimeMs,
    updatedAt: now,
    version: sql`${messages.version} + 1`,
  }
}

const usageRows = ({ id, institutionId, personId }: TurnRow, { calls, now }: Made) => {
  const endedAt = performance.now()
  return calls.map(({ model, prompt, inputTokens, outputTokens, isEstimate, startedAt }, at) => ({
    institutionId,
    personId,
    turnId: id,
    purpose: 'answer',
    model,
    prompt,
    inputTokens,
    outputTokens,
    isEstimate,
    ms: Math.round((calls[at + 1]?.startedAt ?? endedAt) - startedAt),
    createdAt: now,
  }))
}

/** Making the answer of a turn: under a lease, journalled before it is seen, final in one transaction. */
import type { Mode } from '@lyceum/contract/chat'
import { and, asc, eq, inArray, lt } from 'drizzle-orm'
import { systemActor } from '#platform/actor.ts'
import type { Db } from '#platform/db/index.ts'
import type { ServerEvent } from '#platform/http/events.ts'
import { JournalFault, type JournalRef, type JournalWriter, LeaseLost } from '#platform/journal/index.ts'
import {
  addRefusal,
  addSources,
  addStatus,
  admitSentence,
  type Composition,
  dropHeld,
  endAnswer,
  leaveOut,
  newComposition,
} from './composition.ts'
import { checkReceipts, createClaimFilter, neutralisePieces, passGate, type SentenceFilter } from './gate.ts'
import type { ChatNeeds } from './needs.ts'
import { maxTexts, type Part, startParts, supersededPart, textIdOf } from './parts.ts'
import { type Outcome, settle } from './settle.ts'
import { type TurnRow, turns } from './tables.ts'
import type { Draft, ModelCall } from './tutor.ts'
import { untilAborted } from './until-aborted.ts'

/** What every sentence passes, in order. */
const filtersOf = ({ unsupportedSentences }: ChatNeeds): readonly SentenceFilter[] => [
  neutralisePieces,
  checkReceipts,
  createClaimFilter(unsupportedSentences),
]

/** How long a closed journal can still be read part by part; after that the stream is made from the message. */
const journalLifeMs = 24 * 60 * 60 * 1000

/**
 * Makes the answer, unless another process does, an earlier turn of the conversation is not over, or it is final.
 * @returns the turn that waits behind this one, now that it is over
 */
export const runTurn = async (needs: ChatNeeds, ref: JournalRef): Promise<JournalRef | null> => {
  const turn = await needs.db.as(ref, (db) => loadReadyTurn(db, ref))
  if (!turn) return null
  const writer = await needs.journals.take(ref)
  if (!writer) return null
  try {
    if ((await makeAnswer(needs, turn, writer)) === 'handed over') return null
  } catch (error) {
    if (error instanceof LeaseLost) return null
    await writer.release().catch(() => undefined)
    throw error
  }
  await needs.journals.purge(ref, new Date(needs.clock.now().getTime() - journalLifeMs))
  return needs.db.as(ref, (db) => findNext(db, turn))
}

const openStates = ['waiting', 'running'] as const

/** Turns of one conversation are answered in the order in which they were asked. */
const loadReadyTurn = async (db: Db, { id, personId }: JournalRef): Promise<TurnRow | null> => {
  const [turn] = await db
    .select()
    .from(turns)
    .where(and(eq(turns.id, id), eq(turns.personId, personId), inArray(turns.state, openStates)))
  if (!turn) return null
  const earlier = await db
    .select({ id: turns.id })
    .from(turns)
    .where(
      and(
        eq(turns.conversationId, turn.conversationId),
        lt(turns.position, turn.position),
        inArray(turns.state, openStates),
      ),
    )
    .limit(1)
  return earlier.length > 0 ? null : turn
}

const findNext = async (db: Db, { conversationId, institutionId, personId }: TurnRow): Promise<JournalRef | null> => {
  const [next] = await db
    .select({ id: turns.id })
    .from(turns)
    .where(and(eq(turns.conversationId, conversationId), inArray(turns.state, openStates)))
    .orderBy(asc(turns.position))
    .limit(1)
  return next ? { id: next.id, institutionId, personId } : null
}

interface Making {
  writer: JournalWriter
  composition: Composition
  calls: ModelCall[]
}

const makeAnswer = async (
  needs: ChatNeeds,
  turn: TurnRow,
  writer: JournalWriter,
): Promise<'handed over' | 'settled'> => {
  const startedAt = performance.now()
  const making: Making = { writer, composition: await beginAgain(turn, writer), calls: [] }
  // A turn that so many processes did not end may be what ended them, and others wait behind it.
  const outcome = writer.epoch > maxTexts ? 'failed' : await compose(needs, turn, making)
  if (outcome === 'handed over') return outcome
  await settle(needs, turn, { ...making, outcome, startedAt })
  return 'settled'
}

/** After a dead producer: what it had said is superseded and made again; readers drop its text, sources and citations. */
const beginAgain = async (turn: TurnRow, writer: JournalWriter): Promise<Composition> => {
  const begun = writer.past.map(partOf)
  const lastDrop = begun.findLastIndex(isOf('data-superseded'))
  const drops = begun.filter(isOf('data-superseded')).length
  const wasSaid = begun.slice(lastDrop + 1).some((part) => isOf('text-start')(part) || isOf('data-source')(part))
  const parts: Part[] = []
  if (begun.length === 0)
    parts.push(...startParts(turn.answerId, { conversationId: turn.conversationId, turnId: turn.id }))
  if (wasSaid) parts.push(supersededPart(textIdOf(drops)))
  if (parts.length > 0) await writer.append(parts)
  return newComposition(textIdOf(wasSaid ? drops + 1 : drops), turn.input.message)
}

const partOf = ({ data }: ServerEvent): Part => JSON.parse(data)
const isOf =
  (wanted: string) =>
  ({ type }: Part): boolean =>
    type === wanted

const compose = async (needs: ChatNeeds, turn: TurnRow, making: Making): Promise<Outcome | 'handed over'> => {
  const { writer } = making
  const { signal } = writer
  try {
    await say(needs, turn, making)
  } catch (error) {
    if (error instanceof JournalFault) throw error
    if (!signal.aborted) {
      needs.log.error({ err: error, turnId: turn.id }, 'an answer failed')
      return 'failed'
    }
  }
  if (!signal.aborted) return 'complete'
  if (signal.reason === 'stop') return 'stopped'
  // The next process goes on from what is written.
  if (signal.reason === 'shutdown') await writer.release()
  return 'handed over'
}

const say = async (needs: ChatNeeds, turn: TurnRow, { writer, composition, calls }: Making): Promise<void> => {
  const { signal } = writer
  const actor = systemActor(turn, turn.requestId)
  const filters = filtersOf(needs)
  const drafts = needs.tutor.answer({ actor, input: turn.input, turn, signal, said: composition, calls })
  for await (const draft of untilAborted(drafts, signal)) {
    const parts = await admit(filters, composition, draft)
    if (signal.aborted) return
    if (parts.length > 0) await writer.append(parts)
  }
  if (signal.aborted) return
  const parts = endAnswer(composition)
  if (needsRefusal(composition, turn.input.mode)) parts.push(...addRefusal(composition))
  if (parts.length > 0) await writer.append(parts)
}

/** All that the tutor had to say was withheld, or it said nothing, or words of conversation alone are left. */
const needsRefusal = ({ text, verdicts, withheld, refused, known }: Composition, mode: Mode): boolean => {
  if (text === '') return true
  const asksBack = mode === 'socratic' || mode === 'quiz'
  return withheld > 0 && verdicts.length === 0 && !refused && !known.isSmallTalk && !asksBack
}

const admit = async (filters: readonly SentenceFilter[], composition: Composition, draft: Draft): Promise<Part[]> => {
  if (draft.kind === 'status') return addStatus(draft)
  if (draft.kind === 'sources') return addSources(composition, draft)
  if (draft.kind === 'refusal') return composition.text === '' ? addRefusal(composition) : []
  if (draft.kind === 'again') {
    dropHeld(composition)
    return addStatus({ kind: 'status', step: 'rewriting' })
  }
  const candidate = draft.kind === 'sentence' ? draft.sentence : draft.piece
  const passed = await passGate(filters, candidate, composition)
  if (passed) return admitSentence(composition, passed)
  leaveOut(composition, draft.kind === 'piece' ? draft.piece : null)
  return []
}

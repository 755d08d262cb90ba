/** Making the answer of a turn: under a lease, journalled before it is seen, final in one transaction. */
import type { Mode } from '@lyceum/contract/chat'
import { systemActor } from '#platform/actor.ts'
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
import type { Turn } from './tables.ts'
import type { Draft, ModelCall } from './tutor.ts'
import { untilAborted } from './until-aborted.ts'

/** What every sentence passes, in order. */
const filtersOf = ({ unsupportedSentences }: ChatNeeds): readonly SentenceFilter[] => [
  neutralisePieces,
  checkReceipts,
  createClaimFilter(unsupportedSentences),
]

/**
 * Makes the answer, unless another process does, an earlier turn of the conversation is not over, or it is final.
 * @param held the turn itself, when it was made in the hands of this process
 * @returns the turn that waits behind this one, now that it is over
 */
export const runTurn = async (
  needs: ChatNeeds,
  ref: JournalRef,
  held: Turn | null = null,
): Promise<JournalRef | null> => {
  const turn = held ?? (await loadReadyTurn(needs, ref))
  if (!turn) return null
  const writer = held ? needs.journals.begin(ref) : await needs.journals.take(ref)
  if (!writer) return null
  try {
    return await makeAnswer(needs, turn, writer)
  } catch (error) {
    if (error instanceof LeaseLost) return null
    await writer.release().catch(() => undefined)
    throw error
  }
}

/** Turns of one conversation are answered in the order in which they were asked. */
const readyText = `select t.conversation_id as "conversationId", t.question_id as "questionId", t.answer_id as "answerId",
    t.position, t.input, t.request_id as "requestId"
  from turns t
  where t.id = $1 and t.person_id = $2 and t.state in ('waiting', 'running')
    and not exists (select from turns earlier where earlier.conversation_id = t.conversation_id
      and earlier.position < t.position and earlier.state in ('waiting', 'running'))`

const loadReadyTurn = async ({ db }: ChatNeeds, { id, institutionId, personId }: JournalRef): Promise<Turn | null> => {
  const [[found] = []] = await db.batch({ institutionId, personId }, [{ text: readyText, params: [id, personId] }])
  return found ? { ...(found as Omit<Turn, 'id' | 'institutionId' | 'personId'>), id, institutionId, personId } : null
}

interface Making {
  writer: JournalWriter
  composition: Composition
  calls: ModelCall[]
}

const makeAnswer = async (needs: ChatNeeds, turn: Turn, writer: JournalWriter): Promise<JournalRef | null> => {
  const startedAt = performance.now()
  const making: Making = { writer, composition: await beginAgain(turn, writer), calls: [] }
  // A turn that so many processes did not end may be what ended them, and others wait behind it.
  const outcome = writer.epoch > maxTexts ? 'failed' : await compose(needs, turn, making)
  return outcome === 'handed over' ? null : settle(needs, turn, { ...making, outcome, startedAt })
}

/** After a dead producer: what it had said is superseded and made again; readers drop its text, sources and citations. */
const beginAgain = async (turn: Turn, writer: JournalWriter): Promise<Composition> => {
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

const compose = async (needs: ChatNeeds, turn: Turn, making: Making): Promise<Outcome | 'handed over'> => {
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

const say = async (needs: ChatNeeds, turn: Turn, { writer, composition, calls }: Making): Promise<void> => {
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

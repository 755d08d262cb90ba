/** The port to whatever makes answers. It gives drafts; the gate decides what of them is said. */
import type { Source } from '@lyceum/contract/chat'
import type { Actor } from '#platform/actor.ts'
import type { Piece } from './pieces.ts'
import type { TurnInput } from './tables.ts'

/** A sentence that wants to be said, with the source it rests on. */
export interface DraftSentence {
  text: string
  /** Number of its source; null when it names none. */
  source: number | null
  /** Where it stands on the source's page, when that is not the whole of the source's quote. */
  span?: [start: number, end: number]
}

/** What a tutor gives, in this order: a status or more, the sources once, then what it has to say. */
export type Draft =
  | { kind: 'status'; step: string; documents?: number; pages?: number }
  /** `pageTexts` are the pages that the sources stand on, in their order; the checks need more than the quotes. */
  | { kind: 'sources'; sources: Source[]; pageTexts: string[]; refused: boolean }
  /** Words of the pages. */
  | { kind: 'sentence'; sentence: DraftSentence }
  /** Words of a model, cut from its Markdown. */
  | { kind: 'piece'; piece: Piece }
  /** It begins anew: what it gave so far and nobody has seen is dropped. */
  | { kind: 'again' }
  /** The sources do not answer. */
  | { kind: 'refusal' }

/** One call of a model, as it is accounted. */
export interface ModelCall {
  /** Its name in `usage.model`. */
  model: string
  /** The version of its instructions; null when it has none. */
  prompt: string | null
  /** By `performance.now()`. */
  startedAt: number
  inputTokens: number
  outputTokens: number
  /** The engine did not say how many tokens there were. */
  isEstimate: boolean
}

export interface TutorQuestion {
  actor: Actor
  input: TurnInput
  /** The conversation up to here, for a tutor who wants to know what was said before. */
  turn: { conversationId: string; position: number }
  signal: AbortSignal
  /** What has become of the drafts so far: each is decided before the next one is asked for. */
  said: { readonly released: number; readonly withheld: number }
  /** The tutor enters each call when it begins it; also a stopped one is paid for. */
  calls: ModelCall[]
}

export interface Tutor {
  /** Its name in `usage.model` when it enters no call. */
  readonly model: string
  answer(question: TutorQuestion): AsyncIterable<Draft>
}

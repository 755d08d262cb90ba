/** What is known of a turn while its answer streams. Pure. */
import type { Citation, Grounding, Source } from '@lyceum/contract/chat'
import type { z } from 'zod'
import type { TurnPart } from './turn-parts.ts'

export interface TurnStatus {
  step: string
  documents?: number | undefined
  pages?: number | undefined
}

/** The step that holds to the answer's end: the model failed, and the pages answer. */
const fallbackStep = 'quoting'

export interface TurnState {
  /** Of this page alone; the server's id comes with the first part. */
  key: string
  question: string
  conversationId: string | null
  turnId: string | null
  phase: 'asking' | 'running' | 'done' | 'failed'
  /** What the server is doing, before the first words. */
  status: TurnStatus | null
  /** The model did not answer: what comes is quoted from the pages. */
  isFallback: boolean
  /** Text parts that stand. */
  texts: { id: string; text: string; citations: Citation[] }[]
  sources: Source[]
  grounding: z.infer<typeof Grounding> | null
  refused: boolean
  /** Where to go on after a lost connection. */
  lastEventId: string | null
  isConnectionLost: boolean
  error: unknown
}

export const newTurn = (given: Pick<TurnState, 'key' | 'question' | 'conversationId' | 'turnId'>): TurnState => ({
  ...given,
  phase: given.turnId ? 'running' : 'asking',
  status: null,
  isFallback: false,
  texts: [],
  sources: [],
  grounding: null,
  refused: false,
  lastEventId: null,
  isConnectionLost: false,
  error: null,
})

export const textOf = ({ texts }: TurnState): string => texts.map(({ text }) => text).join('')
export const citationsOf = ({ texts }: TurnState): Citation[] => texts.flatMap(({ citations }) => citations)
export const isLive = ({ phase }: TurnState): boolean => phase === 'asking' || phase === 'running'

/** The state after one more part. The server sends each part once, and in order. */
export const applyPart = (state: TurnState, part: TurnPart): TurnState => {
  switch (part.type) {
    case 'data-turn':
      return { ...state, ...part.data, phase: 'running' }
    case 'data-status':
      return { ...state, status: part.data, isFallback: state.isFallback || part.data.step === fallbackStep }
    case 'data-source':
      return { ...state, sources: [...state.sources.filter(({ n }) => n !== part.data.n), part.data] }
    case 'data-grounding':
      return { ...state, grounding: part.data, refused: part.data.refused }
    case 'text-start':
      return { ...state, texts: [...state.texts, { id: part.id, text: '', citations: [] }] }
    case 'text-delta':
      return {
        ...state,
        texts: state.texts.map((it) => (it.id === part.id ? { ...it, text: it.text + part.delta } : it)),
      }
    case 'data-citation':
      return { ...state, texts: addToLast(state.texts, part.data) }
    case 'data-superseded':
      // What was said so far is being said again, from sources found anew.
      return { ...state, texts: state.texts.filter(({ id }) => id !== part.data.textId), sources: [] }
    case 'finish':
    case 'abort':
      return state.phase === 'failed' ? state : { ...state, phase: 'done' }
    case 'error':
      return { ...state, phase: 'failed', error: new Error(part.errorText) }
  }
}

/** A citation belongs to the text being written, and goes with it when that is superseded. */
const addToLast = (texts: TurnState['texts'], citation: Citation): TurnState['texts'] =>
  texts.map((it, index) => (index === texts.length - 1 ? { ...it, citations: [...it.citations, citation] } : it))

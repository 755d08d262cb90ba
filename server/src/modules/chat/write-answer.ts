/** One call of a model as drafts: its stream cut into pieces, its tokens counted. */
import { type ChatMessage, type ChatModel, EngineError } from '#modules/engines'
import type { Language } from '#modules/language'
import { createPieceSplitter, type Piece } from './pieces.ts'
import { notInSources } from './prompts/grounded.v1.ts'
import type { Draft, ModelCall, TutorQuestion } from './tutor.ts'

export interface Writing {
  model: ChatModel
  maxTokens: number
  messages: readonly ChatMessage[]
  /** Version of the instructions. */
  prompt: string
  /** What the answer is expected in. */
  language: Language | null
}

/** Near the sources' words: variety is not what is asked for. */
const temperature = 0.2
/** Withheld sentences in a row, with none that stands, after which the rest is not waited for. */
const hopeless = 4

/** @throws EngineError, also when the model says nothing at all; or the signal's reason */
export const writeAnswer = async function* (writing: Writing, question: TutorQuestion): AsyncGenerator<Draft> {
  const { said } = question
  const withheldBefore = said.withheld
  let given = 0
  for await (const piece of piecesOf(writing, question)) {
    given += 1
    yield draftOf(piece)
    if (said.released === 0 && said.withheld - withheldBefore >= hopeless) return
  }
  if (given === 0) throw new EngineError('cut', 'The engine gave an empty answer.')
}

const piecesOf = async function* (writing: Writing, { calls, signal }: TutorQuestion): AsyncGenerator<Piece> {
  const { model, maxTokens, messages, language } = writing
  const call = enterCall(calls, writing)
  const splitter = createPieceSplitter(language)
  let isCut = false
  for await (const delta of model.stream({ messages, maxTokens, temperature, signal })) {
    if (delta.kind === 'text') {
      countText(call, delta.text)
      // Not `yield*`, which waits at each token, though most end no piece.
      for (const piece of splitter.push(delta.text)) yield piece
    } else if (delta.kind === 'usage') settleCall(call, delta)
    else if (delta.kind === 'finish') isCut = delta.reason === 'length' || delta.reason === 'filter'
  }
  yield* splitter.end(isCut)
}

const draftOf = (piece: Piece): Draft =>
  piece.text.includes(notInSources) ? { kind: 'refusal' } : { kind: 'piece', piece }

/** Roughly, for engines that do not count: four characters a token. */
const charsPerToken = 4

interface RunningCall extends ModelCall {
  chars: number
}

/** It is entered before the first token, so that a call that is stopped or breaks is accounted too. */
const enterCall = (calls: ModelCall[], { model, messages, prompt }: Writing): RunningCall => {
  const inputChars = messages.reduce((sum, { content }) => sum + content.length, 0)
  const call: RunningCall = {
    model: model.model,
    prompt,
    startedAt: performance.now(),
    inputTokens: Math.ceil(inputChars / charsPerToken),
    outputTokens: 0,
    isEstimate: true,
    chars: 0,
  }
  calls.push(call)
  return call
}

const countText = (call: RunningCall, text: string): void => {
  call.chars += text.length
  call.outputTokens = Math.ceil(call.chars / charsPerToken)
}

const settleCall = (call: ModelCall, counts: { inputTokens: number; outputTokens: number }): void => {
  call.inputTokens = counts.inputTokens
  call.outputTokens = counts.outputTokens
  call.isEstimate = false
}

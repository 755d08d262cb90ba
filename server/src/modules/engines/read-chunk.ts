/** One event of an OpenAI-compatible stream as deltas. Pure; what it does not know it passes over. */
import type { ChatDelta } from './chat-model.ts'
import { EngineError } from './engine-error.ts'

const finishReasons = { stop: 'stop', length: 'length', content_filter: 'filter' } as const

type Loose = Record<string, unknown>
const asObject = (value: unknown): Loose | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : null

/** @throws EngineError `malformed` when it is no JSON object, `failed` when it tells of an error */
export const readChunk = (data: string): ChatDelta[] => {
  const chunk = asObject(parse(data))
  if (!chunk) throw new EngineError('malformed', 'The engine sent what is no JSON object.')
  if (chunk.error !== undefined && chunk.error !== null) {
    throw new EngineError('failed', `The engine broke its answer off: ${messageOf(chunk.error)}`)
  }
  const choice = Array.isArray(chunk.choices) ? asObject(chunk.choices[0]) : null
  return [...deltasOf(choice), ...usageOf(asObject(chunk.usage))]
}

const parse = (data: string): unknown => {
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}

const deltasOf = (choice: Loose | null): ChatDelta[] => {
  const delta = asObject(choice?.delta)
  const found: ChatDelta[] = []
  if (isText(delta?.reasoning_content) || isText(delta?.reasoning)) found.push({ kind: 'reasoning' })
  if (isText(delta?.content)) found.push({ kind: 'text', text: delta.content })
  const reason = choice?.finish_reason
  if (typeof reason === 'string') found.push({ kind: 'finish', reason: finishOf(reason) })
  return found
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const finishOf = (reason: string) =>
  Object.hasOwn(finishReasons, reason) ? finishReasons[reason as keyof typeof finishReasons] : 'other'

/** Counts that are no counts (NaN becomes null in JSON, negative, fractions) are no usage: it is estimated then. */
const usageOf = (usage: Loose | null): ChatDelta[] => {
  const [inputTokens, outputTokens] = [usage?.prompt_tokens, usage?.completion_tokens]
  return isCount(inputTokens) && isCount(outputTokens) ? [{ kind: 'usage', inputTokens, outputTokens }] : []
}

const mostTokens = 100_000_000
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= mostTokens

const messageChars = 300

/** What an engine says of its own fault, cut short. */
export const messageOf = (error: unknown): string => {
  const said = asObject(error)?.message ?? error
  return (typeof said === 'string' ? said : (JSON.stringify(said) ?? 'nothing said')).slice(0, messageChars)
}

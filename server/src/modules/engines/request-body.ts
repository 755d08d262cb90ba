/** What is asked of an OpenAI-compatible engine, and what some of them do not take. */
import type { ChatRequest } from './chat-model.ts'

/** Members that this engine has been found not to take; learnt from its refusals, kept as long as the process runs. */
export interface Quirks {
  /** Wants `max_completion_tokens` in the place of `max_tokens`. */
  maxCompletionTokens: boolean
  noTemperature: boolean
  noStreamOptions: boolean
}

export const noQuirks = (): Quirks => ({ maxCompletionTokens: false, noTemperature: false, noStreamOptions: false })

export const requestBody = (
  model: string,
  { messages, maxTokens, temperature }: Pick<ChatRequest, 'messages' | 'maxTokens' | 'temperature'>,
  quirks: Quirks,
): string =>
  JSON.stringify({
    model,
    messages,
    stream: true,
    ...(quirks.noStreamOptions ? {} : { stream_options: { include_usage: true } }),
    ...(quirks.noTemperature ? {} : { temperature }),
    [quirks.maxCompletionTokens ? 'max_completion_tokens' : 'max_tokens']: maxTokens,
  })

/** Whether a refusal names a member that can be left out; then it is, from now on. */
export const learnQuirk = (quirks: Quirks, refusal: string): boolean => {
  const learn = (quirk: keyof Quirks, name: RegExp): boolean => {
    if (quirks[quirk] || !name.test(refusal)) return false
    quirks[quirk] = true
    return true
  }
  return (
    learn('noStreamOptions', /stream_options/) ||
    learn('maxCompletionTokens', /max_tokens|max_completion_tokens/) ||
    learn('noTemperature', /temperature/)
  )
}

/** The port to a language model: messages in, typed deltas out. Modules know this and not whose model it is. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

export interface ChatRequest {
  messages: readonly ChatMessage[]
  /** Most tokens that the answer may have. */
  maxTokens: number
  temperature: number
  /** Ends the call; the connection to the engine is closed at once. */
  signal: AbortSignal
}

/** What a model gives while it answers. Its reasoning is told apart so that it is never taken for the answer. */
export type ChatDelta =
  | { kind: 'text'; text: string }
  | { kind: 'reasoning' }
  | { kind: 'usage'; inputTokens: number; outputTokens: number }
  /** `length`: it was cut at `maxTokens`. */
  | { kind: 'finish'; reason: 'stop' | 'length' | 'filter' | 'other' }

export interface ChatModel {
  /** Its name, as the engine knows it. */
  readonly model: string
  /** @throws EngineError when the engine fails, the signal's reason when it is aborted */
  stream(request: ChatRequest): AsyncIterable<ChatDelta>
  /** Ends connections that are open. */
  close(): Promise<void>
}

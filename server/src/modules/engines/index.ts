/** Engines that compute for us elsewhere: models that answer, and models that turn text into vectors. */
export { withBreaker } from './breaker.ts'
export type { ChatDelta, ChatMessage, ChatModel, ChatRequest } from './chat-model.ts'
export { withoutSecrets } from './completions-url.ts'
export { createEmbedder, type Embedder } from './embed.ts'
export { EngineError } from './engine-error.ts'
export { createOpenAiChatModel } from './openai-chat-model.ts'

/** Chat: questions, answers that survive, and the conversations they make. */
export { isOwnConversation } from './conversations.ts'
export { createExtractiveTutor } from './extractive-tutor.ts'
export { createModelTutor } from './model-tutor.ts'
export type { ChatNeeds } from './needs.ts'
export { chatHttp } from './routes.ts'
export { createTurns, purgeJournals, type Turns } from './turns.ts'
export type { Draft, DraftSentence, Tutor, TutorQuestion } from './tutor.ts'

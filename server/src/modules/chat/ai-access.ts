import type { Actor } from '#platform/actor.ts'

/** What the tutor may do for a person at a moment. */
export type AiAccess =
  | { allowed: true }
  | { allowed: false; reason: 'exam_running' | 'policy' | 'consent' | 'minor'; until: Date | null }

/**
 * The one decision about AI access: every door asks it, none decides for itself. Open for everyone until there are
 * exams, policies and consents to ask about.
 */
export const aiAccess = (_actor: Actor, _now: Date): AiAccess => ({ allowed: true })

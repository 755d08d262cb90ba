/** What went wrong, in the reader's words. */
import { ApiError, ConnectionError } from '@lyceum/contract/client'
import type { TFunction } from 'i18next'

/** Codes that read the same to a person share one text. */
const textFor = {
  invalid_credentials: 'credentials',
  second_factor_required: 'secondFactor',
  second_factor_invalid: 'secondFactor',
  code_required: 'mailCode',
  code_invalid: 'mailCode',
  password_wrong: 'passwordWrong',
  account_deactivated: 'deactivated',
  setup_required: 'setup',
  setup_code_invalid: 'setupCode',
  email_taken: 'emailTaken',
  unauthenticated: 'signedOut',
  token_expired: 'signedOut',
  refresh_reused: 'signedOut',
  forbidden: 'forbidden',
  scope_missing: 'forbidden',
  ai_access_denied: 'tutorClosed',
  not_found: 'notFound',
  document_not_found: 'documentGone',
  page_not_found: 'pageGone',
  conversation_not_found: 'conversationGone',
  turn_not_found: 'turnGone',
  document_not_ready: 'notReady',
  file_missing: 'fileMissing',
  file_too_large: 'fileTooLarge',
  body_too_large: 'tooLong',
  rate_limited: 'tooOften',
  engine_not_configured: 'engine',
  database_busy: 'busy',
  database_timeout: 'busy',
  shutting_down: 'restarting',
  storage_full: 'full',
  quota_exceeded: 'quota',
  input_invalid: 'input',
  text_invalid: 'input',
  origin_refused: 'origin',
} as const
type Known = keyof typeof textFor

const isKnown = (code: string): code is Known => Object.hasOwn(textFor, code)

export interface Explanation {
  /** What happened. */
  title: string
  /** What to do. */
  advice: string
  /** To find it in the server's log. */
  requestId: string | null
}

export const explain = (error: unknown, t: TFunction): Explanation => {
  if (error instanceof ConnectionError) {
    return { title: t('problem.offline.title'), advice: t('problem.offline.advice'), requestId: null }
  }
  if (!(error instanceof ApiError)) {
    return { title: t('problem.bug.title'), advice: t('problem.bug.advice'), requestId: null }
  }
  const { code, detail, requestId, status } = error.problem
  if (isKnown(code)) {
    const text = textFor[code]
    const seconds = error.retryAfterSeconds ?? 10
    const advice = t(`problem.${text}.advice`, { count: seconds })
    return { title: t(`problem.${text}.title`), advice, requestId }
  }
  if (status >= 500) return { title: t('problem.bug.title'), advice: t('problem.bug.advice'), requestId }
  return { title: t('problem.refused.title'), advice: detail, requestId }
}

/** The code of a refusal; null for anything else. */
export const codeOf = (error: unknown): string | null => (error instanceof ApiError ? error.problem.code : null)

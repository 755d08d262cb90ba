/** The stable error codes of the API with the status each answers with. The client may switch on them and translate them. */
export const errorStatus = {
  body_unparsable: 400,
  body_too_large: 413,
  content_type_unsupported: 415,
  headers_too_large: 431,
  request_timeout: 408,
  input_invalid: 422,
  text_invalid: 422,
  unauthenticated: 401,
  invalid_credentials: 401,
  token_expired: 401,
  refresh_reused: 401,
  refresh_superseded: 401,
  account_deactivated: 403,
  setup_required: 403,
  setup_code_invalid: 403,
  code_invalid: 422,
  origin_refused: 403,
  forbidden: 403,
  scope_missing: 403,
  ai_access_denied: 403,
  not_found: 404,
  document_not_found: 404,
  page_not_found: 404,
  job_not_found: 404,
  conversation_not_found: 404,
  turn_not_found: 404,
  method_not_allowed: 405,
  email_taken: 409,
  document_not_ready: 409,
  file_missing: 422,
  file_too_large: 413,
  rate_limited: 429,
  engine_not_configured: 503,
  database_busy: 503,
  database_timeout: 503,
  shutting_down: 503,
  storage_full: 507,
  internal_error: 500,
} as const
export type ErrorCode = keyof typeof errorStatus

/**
 * Why a document could not be read. These are not HTTP answers: they stand in `document.failure.code`
 * and `job.failure.code`, and the file stays downloadable.
 */
export const documentFailures = [
  'document_encrypted',
  'document_corrupt',
  'document_empty',
  'document_no_text',
  'document_too_long',
  'document_too_complex',
  'document_timeout',
  'document_unsupported',
] as const
export type DocumentFailure = (typeof documentFailures)[number]

import type { Problem } from '@lyceum/contract/problem'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'

/** Turns anything thrown into RFC 9457: what the caller can mend is said, a bug answers a bare 500 and is logged whole. */
export const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const known = asAppError(error)
  if (!known || known.status >= 500) request.log.error({ err: error, code: known?.code }, 'request failed')
  const fault = known ?? new AppError('internal_error', 'Something went wrong on our side. It has been logged.')
  request.fault = fault
  if (fault.retryAfterSeconds !== undefined) reply.header('retry-after', String(fault.retryAfterSeconds))
  return reply
    .code(fault.status)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemOf(fault, request.id)))
}

export const problemOf = (fault: AppError, requestId: string): Problem => ({
  type: `urn:lyceum:problem:${fault.code}`,
  title: fault.code.replaceAll('_', ' '),
  status: fault.status,
  detail: fault.message,
  success: false,
  code: fault.code,
  requestId,
  ...fault.details,
})

const asAppError = (error: unknown): AppError | null => {
  if (error instanceof AppError) return error
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) return new AppError('body_too_large', 'The body is larger than 1 MiB, the limit of this call.')
  if (status === 415) return new AppError('content_type_unsupported', unsupportedHint(error as FastifyError))
  if (status === 414) return new AppError('not_found', 'There is nothing at this address.')
  if (status === 400)
    return new AppError('body_unparsable', 'The request could not be read. Check its address, headers and body.')
  return null
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What the call was refused with; for the audit trail. */
    fault: AppError | null
  }
}

const unsupportedHint = (error: FastifyError): string =>
  error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE'
    ? 'This call takes another type of body. Set Content-Type to application/json, or multipart/form-data for files.'
    : 'This type of body is not read here.'

/** What could not even be read as a request: no route and no reply object, so the answer is written to the socket. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { uuidv7 } from 'uuidv7'
import { AppError } from '../errors.ts'
import { securityHeaders } from './headers.ts'
import { problemOf } from './problem.ts'

type ClientError = Error & { code?: string }

/** Answers a problem and hangs up, as nothing tells where the next request would begin. */
export const answerClientError = (error: ClientError, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (socket.writable) socket.write(problemText(faultOf(error)))
  socket.destroy(error)
}

const faultOf = ({ code }: ClientError): AppError => {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new AppError('headers_too_large', 'The address and headers together are larger than 16 KiB.')
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new AppError('request_timeout', 'The request did not arrive in time.')
  return new AppError('body_unparsable', 'This is not an HTTP request.')
}

const problemText = (fault: AppError): string => {
  const requestId = uuidv7()
  const body = JSON.stringify(problemOf(fault, requestId))
  const headers = {
    ...securityHeaders,
    'x-request-id': requestId,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${fault.status} ${STATUS_CODES[fault.status]}\r\n${lines.join('')}\r\n${body}`
}

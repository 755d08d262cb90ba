/** Multipart bodies, streamed: the fields first, then one file that the handler reads as it arrives. */

import type { IncomingMessage } from 'node:http'
import { finished, PassThrough, pipeline, type Readable } from 'node:stream'
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import { limits } from '@lyceum/contract/limits'
import { AppError } from '../errors.ts'
import { invalid } from './input.ts'

export interface Upload {
  fields: Record<string, string>
  file: {
    /** The name that the person gave; a label, never a path. */
    name: string
    /** Ends when the whole body has been read and was sound; fails with the caller's fault otherwise. */
    stream: Readable
    /** True once the file ran past the limit and was cut; known when the stream has ended. */
    isTooLarge(): boolean
  }
  /** Lets go of what the handler did not read, so that the caller can send the rest and hear the answer. */
  discard(): void
}

/** Room for the fields and the boundaries around the file. */
const overheadBytes = 1024 * 1024

/**
 * Resolves when the file part begins.
 * @throws AppError `file_missing`, `body_unparsable`, `body_too_large`, `input_invalid`; the stream also `file_too_large`
 */
export const readUpload = (request: IncomingMessage, maxFileBytes: number): Promise<Upload> =>
  new Promise((resolve, reject) => {
    const parser = openParser(request, maxFileBytes)
    const whole = Promise.withResolvers<void>()
    whole.promise.catch(() => undefined)
    const gate = createGate(whole.promise)
    const fields: Record<string, string> = Object.create(null)
    let isBegun = false

    // The first fault counts: each of these changes nothing the second time. The rest of the body goes unread.
    const fail = (fault: AppError): void => {
      whole.reject(fault)
      reject(fault)
      gate.destroy(fault)
      request.unpipe(parser).resume()
    }
    const tear = (cause: unknown): void => fail(torn(cause))
    const overflow = (path: string, limit: string) => (): void => fail(invalid([{ path, message: limit }]))

    parser.on('field', (name, value, _isNameCut, isValueCut) => {
      if (isBegun) return fail(invalid([{ path: name, message: 'Fields come before the file.' }]))
      if (isValueCut) return overflow(name, `A field has at most ${limits.multipartFieldBytes} bytes.`)()
      fields[name] = value
    })
    parser.on('file', (name, stream, fileName) => {
      stream.on('error', tear)
      // One file a call; what follows is drained so that the answer can be read.
      if (isBegun || name !== 'file') return void stream.resume()
      isBegun = true
      let isCut = false
      stream.on('limit', () => {
        isCut = true
      })
      pipeline(stream, gate, () => undefined)
      const file = { name: fileName ?? '', stream: gate, isTooLarge: () => isCut }
      resolve({ fields, file, discard: () => fail(torn('not read')) })
    })
    for (const limit of ['fieldsLimit', 'partsLimit', 'filesLimit'] as const) {
      parser.on(limit, overflow('body', `A body has at most ${limits.multipartFields} fields and one file.`))
    }
    parser.on('error', tear)
    parser.on('finish', () => {
      whole.resolve()
      // Changes nothing when the file has begun: the promise is settled.
      reject(new AppError('file_missing', 'Send the file in a part named "file", after the other fields.'))
    })
    finished(request, { writable: false }, (cause) => cause && tear(cause))
    countBytes(request, maxFileBytes + overheadBytes, () =>
      fail(new AppError(isBegun ? 'file_too_large' : 'body_too_large', 'The upload is larger than this server takes.')),
    )
    request.pipe(parser)
  })

/** Passes the file on, and holds its end back until the body behind it is read. A fault that nobody waits for kills nothing. */
const createGate = (whole: Promise<void>): PassThrough =>
  new PassThrough({ flush: (done) => void whole.then(() => done(), done) }).on('error', () => undefined)

const torn = (cause: unknown): AppError =>
  new AppError('body_unparsable', 'The upload ended before it was whole, or is not multipart/form-data.', { cause })

const countBytes = (stream: Readable, limit: number, onPast: () => void): void => {
  let total = 0
  stream.on('data', (bytes: Buffer) => {
    const before = total
    total += bytes.length
    if (before <= limit && total > limit) onPast()
  })
}

const openParser = (request: IncomingMessage, maxFileBytes: number): BusboyInstance => {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders,
      limits: {
        fileSize: maxFileBytes,
        files: 5,
        fields: limits.multipartFields,
        fieldSize: limits.multipartFieldBytes,
        parts: 40,
        headerPairs: 100,
      },
    })
  } catch (cause) {
    throw new AppError('body_unparsable', 'The multipart body has no boundary.', { cause })
  }
}

/** Which calls are done once, and what makes two of them the same. */
import { createHash } from 'node:crypto'
import type { Route } from '@lyceum/contract/route'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { uuidv7 } from 'uuidv7'
import type { Actor } from '../actor.ts'
import { invalid } from '../http/input.ts'
import type { Attempt, Idempotency, Kept } from './index.ts'

/** Makes a thing under an id and gives the id; under an `Idempotency-Key` that was used, the id of what was made then. */
export type Once = (make: (id: string) => Promise<unknown>) => Promise<string>

/** A call's content as the contract reads it, so that spelling and order of members make no difference. */
interface Content {
  params: unknown
  query: unknown
  body: unknown
  /** Name of the file of a multipart body. */
  fileName: string | undefined
}

const keyShape = /^[\x21-\x7e]{1,255}$/

/** Null for a call that is done as often as it is sent. @throws AppError `input_invalid` for a key that is none */
export const attemptOf = (
  route: Route,
  { request, actor }: { request: FastifyRequest; actor: Actor | null },
  content: Content,
): Attempt | null => {
  const key = request.headers['idempotency-key']
  // Before sign-in nobody is known to whom a kept answer could be given safely.
  if (!route.idempotent || !actor || key === undefined) return null
  if (typeof key !== 'string' || !keyShape.test(key)) {
    throw invalid([{ path: 'Idempotency-Key', message: 'Use 1 to 255 visible ASCII characters.' }])
  }
  const { params, query, body, fileName } = content
  const file = fileName === undefined ? null : { fileName, sizeBytes: sizeOf(request, body) }
  return {
    institutionId: actor.institutionId,
    personId: actor.id,
    keyHash: createHash('sha256').update(key).digest('hex'),
    routeId: route.id,
    contentHash: createHash('sha256')
      .update(JSON.stringify([params, query, body, file]))
      .digest(),
  }
}

/**
 * Size of a file before it is read: the body's without the boundaries, which clients make anew for each call, and which
 * stand before each field, before the file and at the end. What is left is the same for the same file and fields.
 */
const sizeOf = ({ headers }: FastifyRequest, fields: unknown): number | null => {
  const [, boundary] = /boundary="?([^";]+)/i.exec(headers['content-type'] ?? '') ?? []
  if (!boundary || headers['content-length'] === undefined) return null
  return Number(headers['content-length']) - boundary.length * (Object.keys(fields ?? {}).length + 2)
}

/** Carries a call out unless it was before; then the kept answer is given, and a header says so. */
export const answerOnce = async (
  idempotency: Idempotency,
  { attempt, reply }: { attempt: Attempt; reply: FastifyReply },
  act: (id: string) => Promise<Kept>,
): Promise<Kept> => {
  const { isReplayed, ...kept } = await idempotency.run(attempt, act)
  if (isReplayed) reply.header(replayedHeader, 'true')
  return kept
}

/** For calls whose answer is a stream and cannot be kept: what they make is made once, and the answer made from it. */
export const createOnce =
  (idempotency: Idempotency | undefined, attempt: Attempt | null, reply: FastifyReply): Once =>
  async (make) => {
    if (!attempt || !idempotency) {
      const id = uuidv7()
      await make(id)
      return id
    }
    const { body } = await answerOnce(idempotency, { attempt, reply }, async (id) => {
      await make(id)
      return { status: 200, body: id }
    })
    return body
  }

const replayedHeader = 'idempotency-replayed'
export const isReplayed = (reply: FastifyReply): boolean => reply.hasHeader(replayedHeader)

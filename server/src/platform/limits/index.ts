/** How much anyone may call: asked by `mount` for each call, before its body is read. */
import type { LimitKind } from '@lyceum/contract/route'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import { type Allowance, allowancesOf, type Caller, type LimitNumbers } from './allowances.ts'
import type { Counters } from './counters.ts'
import { type Counts, type Draw, leftOf, mayDraw, remainingAt, waitOf } from './window.ts'

export type { LimitNumbers } from './allowances.ts'

/** How a caller stands after a call: of all bounds on it the tightest. */
export interface Standing {
  limit: number
  remaining: number
  resetSeconds: number
  /** Set when the call is one too many. */
  refusal: AppError | null
}

export interface Limits {
  /** Counts a call; null when it is under no limit. */
  draw(kind: LimitKind, caller: Caller): Promise<Standing | null>
  /** Calls refused since the start, by the bound that they met. */
  refused(): Readonly<Record<string, number>>
  close(): Promise<void>
}

/** With `numbers` null nothing is counted or refused. */
export const createLimits = (numbers: LimitNumbers | null, counters: Counters, clock: Clock): Limits => {
  const refused: Partial<Record<Allowance['name'], number>> = {}
  const count = (draw: Draw, drawn: Drawn[], now: number): Standing => {
    if (draw.isAdmitted) return standingOf(drawn, now)
    const { allowance, refusal, seconds } = refusalOf(drawn, now)
    refused[allowance.name] = (refused[allowance.name] ?? 0) + 1
    return { limit: allowance.limit, remaining: 0, resetSeconds: seconds, refusal }
  }
  return {
    draw: async (kind, caller) => {
      const allowances = numbers ? allowancesOf(numbers, kind, caller) : []
      if (allowances.length === 0) return null
      const now = clock.now().getTime()
      const draw = await counters.draw(allowances, now)
      const drawn = allowances.map((allowance, at) => ({ allowance, counts: draw.counts[at] ?? none }))
      return count(draw, drawn, now)
    },
    refused: () => refused,
    close: () => counters.close(),
  }
}

interface Drawn {
  allowance: Allowance
  counts: Counts
}
const none: Counts = { current: 0, previous: 0 }

const wholeSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000))

/** The bound with least left; of equals the one that lasts longest. */
const standingOf = (drawn: readonly Drawn[], now: number): Standing => {
  const standings = drawn.map(({ allowance, counts }) => ({
    limit: allowance.limit,
    remaining: remainingAt(allowance, counts, now),
    resetSeconds: wholeSeconds(leftOf(allowance, now)),
    refusal: null,
  }))
  const [tightest] = standings.sort((a, b) => a.remaining - b.remaining || b.resetSeconds - a.resetSeconds)
  if (!tightest) throw new Error('A call under no limit has no standing')
  return tightest
}

/** Of the bounds without room the one to wait for longest. */
const refusalOf = (drawn: readonly Drawn[], now: number) => {
  const [met] = drawn
    .filter(({ allowance, counts }) => !mayDraw(allowance, counts, now))
    .map(({ allowance, counts }) => ({ allowance, waitMs: waitOf(allowance, counts, now) }))
    .sort((a, b) => b.waitMs - a.waitMs)
  if (!met) throw new Error('A call was refused that meets no limit')
  const { allowance, waitMs } = met
  const seconds = wholeSeconds(waitMs)
  const refusal = new AppError('rate_limited', `${allowance.words} Try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
    details: { limit: allowance.name },
  })
  return { allowance, refusal, seconds }
}

/**
 * Counts the call and says in the answer's headers how the caller stands (draft-ietf-httpapi-ratelimit-headers-06).
 * @throws AppError `rate_limited`
 */
export const drawForCall = async (
  limits: Limits,
  { kind, actor }: { kind: LimitKind; actor: Caller['actor'] },
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<void> => {
  const standing = await limits.draw(kind, { actor, address: request.ip })
  if (!standing) return
  reply.headers({
    'ratelimit-limit': standing.limit,
    'ratelimit-remaining': standing.remaining,
    'ratelimit-reset': standing.resetSeconds,
  })
  if (standing.refusal) throw standing.refusal
}

/** What calls leave in the trail: one entry for each that a route names, and for those that were refused. */
import type { Route } from '@lyceum/contract/route'
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../actor.ts'
import type { Clock } from '../clock.ts'
import type { Doer, Entry, Metadata } from './entry.ts'
import type { Audit } from './index.ts'

export interface CallTrail {
  /** Records that a call was done, unless its rule has. Resolves when that is on disk: only then is it answered. */
  done(route: Route, actor: Actor | null, params: unknown): Promise<void>
  /** Records a refusal after its answer, so that the time of the answer tells nothing about who is known. */
  refused(route: Route, request: FastifyRequest, status: number): void
}

interface CallTrailNeeds {
  audit: Audit
  clock: Clock
  /** Where the entries of somebody who is not known stand. */
  nobodysInstitutionId: string
}

const refusals = new Set([401, 403, 429])
/** Refusals of nobody, and those by a limit, are told once in this time for each address: a flood fills no disk. */
const quietMs = 60_000
const toldAtMost = 10_000

export const createCallTrail = (needs: CallTrailNeeds): CallTrail => {
  const { audit, clock } = needs
  const told = new Map<string, number>()

  const isNews = (about: string): boolean => {
    const now = clock.now().getTime()
    if ((told.get(about) ?? 0) + quietMs > now) return false
    if (told.size >= toldAtMost) told.clear()
    told.set(about, now)
    return true
  }
  return {
    done: async ({ audit: action, auth, reply }, actor, params) => {
      // A call that anyone may make has no doer until its rule knows one: such rules record by themselves.
      if (action === null || auth === 'anyone' || !actor || audit.hasRecorded(actor, action)) return
      const status = 'status' in reply ? reply.status : 200
      await audit.recordAlone(actor, { action, metadata: { ...idsOf(params), status } })
    },
    refused: (route, request, status) => {
      if (route.audit === null || !refusals.has(status)) return
      const who = doerOf(request, needs.nobodysInstitutionId)
      const isSignIn = route.auth === 'anyone' && status !== 429
      const isRare = isSignIn || (who.id !== null && status !== 429)
      if (!isRare && !isNews(`${route.id} ${status} ${who.id ?? request.ip}`)) return
      audit.recordLater(who, refusalOf(route, request, status))
    },
  }
}

/** The account that a sign-in was meant for, when there is one; else who is signed in; else nobody. */
const doerOf = (request: FastifyRequest, nobodysInstitutionId: string): Doer => {
  const known = request.fault?.subject ?? request.actor
  const { id: requestId, ip: address } = request
  return known
    ? { id: known.id, institutionId: known.institutionId, requestId, address }
    : { id: null, institutionId: nobodysInstitutionId, requestId }
}

/** `session.opened` that was refused is `session.refused`. */
const refusalOf = ({ id, audit }: Route, request: FastifyRequest, status: number): Entry => ({
  action: `${audit?.split('.')[0]}.refused`,
  metadata: { route: id, status, ...(request.fault && { code: request.fault.code }), ...idsOf(request.params) },
})

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Parameters that are ids or numbers; of a refused call they have not been checked yet. */
const idsOf = (params: unknown): Metadata =>
  Object.fromEntries(
    Object.entries((params ?? {}) as Record<string, unknown>).filter(
      ([, value]) => typeof value === 'number' || (typeof value === 'string' && uuid.test(value)),
    ),
  ) as Metadata

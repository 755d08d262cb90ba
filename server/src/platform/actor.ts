import type { Role, Tier } from '@lyceum/contract/identity'
import type { KeyScope } from '@lyceum/contract/route'
import type { Scope } from './db/index.ts'

/** Who acts, and from where. Every rule takes one; nothing else says who asks. */
export interface Actor {
  /** A person in a session, a person's key, or the system acting on a person's behalf (jobs, sweeps). */
  kind: 'person' | 'key' | 'system'
  /** The person; for the system the one on whose behalf it works. */
  id: string
  institutionId: string
  role: Role
  /** What the person may use; `limits` draws by it. */
  tier: Tier
  facultyIds: readonly string[]
  semesterIds: readonly string[]
  /** What a key may do; null for all. */
  scopes: readonly KeyScope[] | null
  sessionId: string | null
  /** When the access token ends. */
  expiresAt: Date | null
  requestId: string
  /** Network address of the caller; null for the system. */
  address: string | null
  /** Preferred language of the interface, from the request. */
  language: string
}

/** The database scope of an actor: the institution, and the person's own rows. */
export const scopeOf = (actor: Pick<Actor, 'institutionId' | 'id'>): Scope => ({
  institutionId: actor.institutionId,
  personId: actor.id,
})

/** The system acting for a person, as jobs and sweeps do. */
export const systemActor = (on: { institutionId: string; personId: string }, requestId: string): Actor => ({
  kind: 'system',
  id: on.personId,
  institutionId: on.institutionId,
  role: 'student',
  tier: 'free',
  facultyIds: [],
  semesterIds: [],
  scopes: null,
  sessionId: null,
  expiresAt: null,
  requestId,
  address: null,
  language: 'en',
})

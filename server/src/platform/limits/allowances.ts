/** What a call draws from, by its route's `limit` and by who makes it. */
import type { Tier } from '@lyceum/contract/identity'
import type { LimitKind } from '@lyceum/contract/route'
import type { Actor } from '../actor.ts'
import { networkOf } from '../http/network.ts'
import type { Window } from './window.ts'

/** The numbers of the settings. */
export interface LimitNumbers {
  requestsPerHour: Record<Tier, number>
  aiCallsPerHour: Record<Tier, number>
  chatPerMinute: number
  credentialsPerTenMinutes: number
  addressPerHour: number
}

export interface Allowance extends Window {
  name: 'requests' | 'ai_calls' | 'chat' | 'credentials' | 'address'
  /** For who ran out of it. */
  words: string
}

export interface Caller {
  /** Null before sign-in. */
  actor: Pick<Actor, 'id' | 'tier'> | null
  address: string
}

const minute = 60_000
const hour = 60 * minute

/** Nothing for `none`. A chat turn is an AI call whether or not a model answers it. */
export const allowancesOf = (numbers: LimitNumbers, kind: LimitKind, { actor, address }: Caller): Allowance[] => {
  if (kind === 'none') return []
  if (!actor) return [kind === 'credentials' ? credentials(numbers, address) : strangers(numbers, address)]
  const drawn = [requests(numbers, actor)]
  if (kind === 'credentials') drawn.push(credentials(numbers, address))
  if (kind === 'chat') drawn.push(aiCalls(numbers, actor), chat(numbers, actor))
  return drawn
}

type Person = NonNullable<Caller['actor']>

const requests = ({ requestsPerHour }: LimitNumbers, { id, tier }: Person): Allowance => ({
  name: 'requests',
  key: `requests:${id}`,
  limit: requestsPerHour[tier],
  windowMs: hour,
  words: `Your tier (${tier}) has ${requestsPerHour[tier]} requests an hour.`,
})

const aiCalls = ({ aiCallsPerHour }: LimitNumbers, { id, tier }: Person): Allowance => ({
  name: 'ai_calls',
  key: `ai_calls:${id}`,
  limit: aiCallsPerHour[tier],
  windowMs: hour,
  words: `Your tier (${tier}) has ${aiCallsPerHour[tier]} questions to the tutor an hour.`,
})

const chat = ({ chatPerMinute }: LimitNumbers, { id }: Person): Allowance => ({
  name: 'chat',
  key: `chat:${id}`,
  limit: chatPerMinute,
  windowMs: minute,
  words: `The tutor takes ${chatPerMinute} questions a minute.`,
})

const credentials = ({ credentialsPerTenMinutes }: LimitNumbers, address: string): Allowance => ({
  name: 'credentials',
  key: `credentials:${networkOf(address)}`,
  limit: credentialsPerTenMinutes,
  windowMs: 10 * minute,
  words: `${credentialsPerTenMinutes} sign-ins in 10 minutes are taken from one network address.`,
})

const strangers = ({ addressPerHour }: LimitNumbers, address: string): Allowance => ({
  name: 'address',
  key: `address:${networkOf(address)}`,
  limit: addressPerHour,
  windowMs: hour,
  words: `${addressPerHour} calls an hour are taken from one network address before sign-in.`,
})

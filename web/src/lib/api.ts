/** The server, called with the session's cookies; a session that has ended is renewed once, in one tab at a time. */
import { ApiError, type Client, createClient } from '@lyceum/contract/client'
import { healthRoutes } from '@lyceum/contract/health'
import { identityRoutes } from '@lyceum/contract/identity'
import { createContext, useContext } from 'react'
import { createReaching, type Reach, reportingFetch } from './reach.ts'
import type { Store } from './store.ts'

export interface Api extends Client {
  /** Makes the session new; false when there is none any more. */
  renew: () => Promise<boolean>
  /** Whether the server answers. */
  reach: Store<Reach>
  /** Tells the other tabs that this person has signed out. */
  tellSignedOut: () => void
}

interface Listeners {
  /** The person must sign in again. */
  onEnded: () => void
  /** The server answers again. */
  onBack: () => void
}

export const createApi = ({ onEnded, onBack }: Listeners): Api => {
  const { reach, report } = createReaching(() => plain.call(healthRoutes.health, {}), onBack)
  const fetch = reportingFetch(report)
  const plain = createClient({ fetch })
  let renewal: Promise<boolean> | null = null
  const renew = (): Promise<boolean> => {
    renewal ??= oneTabAtATime(() => renewSession(plain)).finally(() => {
      renewal = null
    })
    return renewal
  }
  const renewOrEnd = async (): Promise<boolean> => {
    const isGood = await renew()
    if (!isGood) onEnded()
    return isGood
  }
  const tabs = new BroadcastChannel('lyceum.session')
  tabs.onmessage = onEnded
  return {
    ...createClient({ fetch, renew: renewOrEnd }),
    renew: renewOrEnd,
    reach,
    tellSignedOut: () => tabs.postMessage('signed out'),
  }
}

const renewSession = async (client: Client): Promise<boolean> => {
  try {
    await client.call(identityRoutes.refresh, { body: { session: 'cookie' } })
    return true
  } catch (error) {
    // Another tab was faster: its cookies are ours, too.
    if (error instanceof ApiError && error.problem.status === 401) return error.problem.code === 'refresh_superseded'
    throw error
  }
}

/** Locks exist only on https and localhost; elsewhere the server's own rule for overtaken calls must do. */
const oneTabAtATime = async (task: () => Promise<boolean>): Promise<boolean> =>
  'locks' in navigator ? navigator.locks.request('lyceum.session', task) : task()

const ApiContext = createContext<Api | null>(null)
export const ApiProvider = ApiContext.Provider

export const useApi = (): Api => {
  const api = useContext(ApiContext)
  if (!api) throw new Error('useApi needs an ApiProvider')
  return api
}

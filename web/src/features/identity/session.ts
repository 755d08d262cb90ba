/** Who is signed in. The tokens are in cookies that no script can read. */
import { accountRoutes } from '@lyceum/contract/account'
import { ApiError } from '@lyceum/contract/client'
import { identityRoutes, type User } from '@lyceum/contract/identity'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { type Api, useApi } from '../../lib/api.ts'
import { forgetDrafts } from '../../lib/storage.ts'

/** The person, or null for nobody. */
export const meQuery = (api: Api) =>
  queryOptions({
    queryKey: ['me'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<User | null> => {
      try {
        return (await api.call(identityRoutes.me, { signal })).user
      } catch (error) {
        if (error instanceof ApiError && error.problem.status === 401) return null
        throw error
      }
    },
  })

export const setupQuery = (api: Api) =>
  queryOptions({
    queryKey: ['setup'],
    queryFn: async ({ signal }) => (await api.call(identityRoutes.setup, { signal })).needsSetup,
  })

export interface NewAccount {
  email: string
  password: string
  name?: string
  code?: string
}

export const useSignIn = (onDone: () => void) => {
  const enter = useEnter(onDone)
  const api = useApi()
  return useMutation({
    mutationFn: (body: { email: string; password: string; totp?: string }) =>
      api.call(identityRoutes.login, { body: { ...body, session: 'cookie' } }),
    onSuccess: ({ user }) => enter(user),
  })
}

export const useRegister = (onDone: () => void) => {
  const enter = useEnter(onDone)
  const api = useApi()
  return useMutation({
    mutationFn: (body: NewAccount) => api.call(identityRoutes.register, { body: { ...body, session: 'cookie' } }),
    onSuccess: ({ user }) => enter(user),
  })
}

/** Has a code sent to an address that an account is to be made for. */
export const useRequestCode = () => {
  const api = useApi()
  return useMutation({
    mutationFn: (email: string) => api.call(accountRoutes.requestCode, { body: { email, purpose: 'register' } }),
  })
}

const useEnter = (onDone: () => void) => {
  const queries = useQueryClient()
  const api = useApi()
  return (user: User): void => {
    queries.setQueryData(meQuery(api).queryKey, user)
    queries.setQueryData(setupQuery(api).queryKey, false)
    onDone()
  }
}

/** Loads the page anew, so that nothing of this person stays in memory. */
export const useSignOut = () => {
  const api = useApi()
  return useMutation({
    mutationFn: () => api.call(identityRoutes.logout, {}),
    onSuccess: () => {
      forgetDrafts()
      api.tellSignedOut()
      location.assign('/sign-in')
    },
  })
}

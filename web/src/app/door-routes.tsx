/** The pages in front of the app. */
import { createRoute, redirect } from '@tanstack/react-router'
import { z } from 'zod'
import { setupQuery } from '../features/identity/session.ts'
import { RegisterDoor, SetupDoor, SignInDoor } from './pages/doors.tsx'
import { type Context, optional, root } from './root-route.tsx'

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: z.object({ code: optional(z.coerce.string()) }),
  beforeLoad: async ({ context: { api, queries } }) => {
    if (!(await queries.fetchQuery(setupQuery(api)))) throw redirect({ to: '/sign-in' })
  },
  component: SetupDoor,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: z.object({ to: optional(z.string()), ended: optional(z.boolean()) }),
  beforeLoad: ({ context }) => toSetupIfNeeded(context),
  component: SignInDoor,
})

const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  beforeLoad: ({ context }) => toSetupIfNeeded(context),
  component: RegisterDoor,
})

export const toSetupIfNeeded = async ({ api, queries }: Context): Promise<void> => {
  if (await queries.fetchQuery(setupQuery(api))) throw redirect({ to: '/setup' })
}

export const doorRoutes = [setup, signIn, register] as const

import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, Outlet } from '@tanstack/react-router'
import type { z } from 'zod'
import type { Api } from '../lib/api.ts'
import { CrashPage, NotFoundPage } from './pages/fallbacks.tsx'

export interface Context {
  api: Api
  queries: QueryClient
}

/** What stands behind `?` is anybody's text: what does not fit is left out. */
export const optional = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined)

export const root = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: CrashPage,
})

import { accountRoutes } from './account.ts'
import { auditRoutes } from './audit.ts'
import { chatRoutes } from './chat.ts'
import { documentsRoutes, searchRoutes } from './documents.ts'
import { healthRoutes } from './health.ts'
import { identityRoutes } from './identity.ts'
import { jobsRoutes } from './jobs.ts'
import type { Route } from './route.ts'

/** Every call of the API: the OpenAPI document, the access matrix and the mount test are made from this list. */
export const allRoutes: Route[] = [
  healthRoutes,
  identityRoutes,
  accountRoutes,
  documentsRoutes,
  searchRoutes,
  jobsRoutes,
  chatRoutes,
  auditRoutes,
].flatMap((routes) => Object.values<Route>(routes))

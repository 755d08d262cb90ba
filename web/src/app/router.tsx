import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { z } from 'zod'
import { conversationsQuery } from '../features/chat/queries.ts'
import { documentsQuery } from '../features/documents/queries.ts'
import { meQuery } from '../features/identity/session.ts'
import { doorRoutes, toSetupIfNeeded } from './door-routes.tsx'
import { CrashPage } from './pages/fallbacks.tsx'
import { HomePage } from './pages/home.tsx'
import { type Context, optional, root } from './root-route.tsx'
import { Shell } from './shell/shell.tsx'

const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    const user = await context.queries.ensureQueryData(meQuery(context.api))
    if (user) return
    await toSetupIfNeeded(context)
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } })
  },
  component: Shell,
  errorComponent: CrashPage,
})

/** The documents that a question is about; all that the person may read when left out. */
const scope = { document: optional(z.uuid()) }

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  validateSearch: z.object(scope),
  // Whether this is the first minute is known before it is shown.
  loader: async ({ context: { api, queries } }) => {
    await Promise.all([
      queries.prefetchInfiniteQuery(documentsQuery(api)),
      queries.prefetchInfiniteQuery(conversationsQuery(api)),
    ])
  },
  component: HomePage,
})

const conversation = createRoute({
  getParentRoute: () => app,
  path: '/c/$id',
  validateSearch: z.object({
    ...scope,
    /** Number of the open source. */
    source: optional(z.coerce.number().int().min(1)),
    /** The turn whose source it is; the first that has one when left out. */
    turn: optional(z.uuid()),
  }),
  component: lazyRouteComponent(() => import('./pages/conversation.tsx'), 'ConversationPage'),
})

const conversations = createRoute({
  getParentRoute: () => app,
  path: '/conversations',
  component: lazyRouteComponent(() => import('./pages/conversations.tsx'), 'ConversationsPage'),
})
const documents = createRoute({
  getParentRoute: () => app,
  path: '/documents',
  validateSearch: z.object({
    /** Which of them; all when left out. */
    show: optional(z.enum(['reading', 'ready', 'unread'])),
    /** A part of the name. */
    q: optional(z.string()),
  }),
  component: lazyRouteComponent(() => import('./pages/documents.tsx'), 'DocumentsPage'),
})
const document = createRoute({
  getParentRoute: () => app,
  path: '/documents/$id',
  validateSearch: z.object({ page: optional(z.coerce.number().int().min(1)) }),
  component: lazyRouteComponent(() => import('./pages/document.tsx'), 'DocumentPage'),
})
const account = createRoute({
  getParentRoute: () => app,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage'),
})

const routeTree = root.addChildren([
  ...doorRoutes,
  app.addChildren([home, conversation, conversations, documents, document, account]),
])

export const createAppRouter = (context: Context) =>
  createRouter({
    routeTree,
    context,
    scrollRestoration: true,
    defaultPreload: 'intent',
    defaultErrorComponent: CrashPage,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
  interface HistoryState {
    /** This entry was made by opening a source: going back closes it. */
    isLeaf?: boolean
    /** The box of the page takes the focus. */
    wantsAsk?: boolean
  }
}

import { ApiError } from '@lyceum/contract/client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import type { i18n } from 'i18next'
import { useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { TurnsProvider } from '../features/chat/turns-context.tsx'
import { UploadsProvider } from '../features/documents/uploads.tsx'
import { ApiProvider, createApi } from '../lib/api.ts'
import { ShortcutsProvider } from '../lib/shortcuts.tsx'
import { UndoProvider } from '../ui/undo.tsx'
import { createAppRouter } from './router.tsx'

/** What was refused once will be refused again; what did not arrive may. */
const mayRetry = (failures: number, error: Error): boolean =>
  failures < 2 && !(error instanceof ApiError && error.problem.status < 500)

const createServices = () => {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: mayRetry, staleTime: 10_000 } } })
  const onEnded = (): void => {
    // Somebody who has not signed in yet is sent there by the router.
    if (!queries.getQueryData(['me'])) return
    queries.clear()
    void router.navigate({ to: '/sign-in', search: { to: location.pathname + location.search, ended: true } })
  }
  const api = createApi({ onEnded, onBack: () => void queries.invalidateQueries() })
  const router = createAppRouter({ api, queries })
  return { queries, api, router }
}

export const App = ({ translations }: { translations: i18n }) => {
  const [{ queries, api, router }] = useState(createServices)
  return (
    <I18nextProvider i18n={translations}>
      <QueryClientProvider client={queries}>
        <ApiProvider value={api}>
          <ShortcutsProvider>
            <UndoProvider>
              <UploadsProvider>
                <TurnsProvider>
                  <RouterProvider router={router} />
                </TurnsProvider>
              </UploadsProvider>
            </UndoProvider>
          </ShortcutsProvider>
        </ApiProvider>
      </QueryClientProvider>
    </I18nextProvider>
  )
}

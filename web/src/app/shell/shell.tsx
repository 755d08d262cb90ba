import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { DropAnywhere } from '../../features/documents/drop-anywhere.tsx'
import { OverlaysProvider } from './overlays.tsx'
import { ReachBadge } from './reach-badge.tsx'
import { Spine } from './spine.tsx'
import { Tabbar } from './tabbar.tsx'
import { useShellKeys } from './use-shell-keys.ts'

/** What stands around every page of somebody who is signed in. */
export const Shell = () => {
  const navigate = useNavigate()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const showUploads = useCallback(() => {
    // In a conversation the list of files is not in sight.
    if (path !== '/' && path !== '/documents') void navigate({ to: '/documents' })
  }, [navigate, path])
  useFocusAfterNavigation(path)
  return (
    <DropAnywhere onTaken={showUploads}>
      <OverlaysProvider>
        <Frame />
      </OverlaysProvider>
    </DropAnywhere>
  )
}

const Frame = () => {
  const { t } = useTranslation()
  useShellKeys()
  return (
    <>
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <div className="shell">
        <Spine />
        <Outlet />
        <Tabbar />
      </div>
      <ReachBadge />
    </>
  )
}

/** When what had the focus is gone with the old page, the new one takes it. */
const useFocusAfterNavigation = (path: string): void => {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each page
  useEffect(() => {
    if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true })
  }, [path])
}

import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import type { FixedKey } from '../../features/palette/shortcut-dialog.tsx'
import { type Overlay, OverlaysContext } from './use-overlays.ts'

const loadPalette = () => import('./app-palette.tsx')
const AppPalette = lazy(async () => ({ default: (await loadPalette()).AppPalette }))
const ShortcutDialog = lazy(async () => ({
  default: (await import('../../features/palette/shortcut-dialog.tsx')).ShortcutDialog,
}))

const inBox = [
  { keys: 'enter', does: 'send' },
  { keys: 'shift+enter', does: 'newLine' },
] as const
const inConversation = [
  { keys: 'esc', does: 'stop' },
  { keys: 'alt+1–9', does: 'openSource' },
  { keys: '[', does: 'sourceBefore' },
  { keys: ']', does: 'nextSource' },
] as const

/** Those of the box and of the conversation, where there is one. */
const fixedKeys = (): FixedKey[] => [
  ...(document.getElementById('ask') ? inBox : []),
  ...(document.querySelector('.talk-col') ? inConversation : []),
]

const prepare = (): void => void loadPalette().catch(() => undefined)

/** The palette and the list of shortcuts, over any page. Each is loaded when it is opened for the first time. */
export const OverlaysProvider = ({ children }: { children: ReactNode }) => {
  const [open, setOpen] = useState<Overlay | null>(null)
  const overlays = useMemo(() => ({ show: setOpen, prepare }), [])
  const close = (): void => setOpen(null)
  return (
    <OverlaysContext value={overlays}>
      {children}
      <Suspense>
        {open === 'palette' && <AppPalette onClose={close} />}
        {open === 'shortcuts' && <ShortcutDialog fixed={fixedKeys()} onClose={close} />}
      </Suspense>
    </OverlaysContext>
  )
}

import { useNavigate } from '@tanstack/react-router'
import { useShortcuts } from '../../lib/shortcuts.tsx'
import { places } from './places.ts'
import { useActs } from './use-acts.ts'

/** The keys that mean the same on every page. */
export const useShellKeys = (): void => {
  const navigate = useNavigate()
  const { ask, add, search, showPalette, showShortcuts } = useActs()
  useShortcuts([
    { keys: 'mod+k', does: 'palette', run: showPalette },
    { keys: '/', does: 'search', run: search },
    { keys: 'n', does: 'ask', run: ask },
    { keys: 'u', does: 'add', run: add },
    ...places.map(({ keys, name, to }) => ({ keys, does: name, run: () => void navigate({ to }) })),
    { keys: '?', does: 'list', run: showShortcuts },
  ])
}

/** What can be done from any page: by a key, and from the palette. */
import { useNavigate } from '@tanstack/react-router'
import { useChooseFiles } from '../../features/documents/drop-anywhere.tsx'
import { useOverlays } from './use-overlays.ts'

export const focusOn = (selector: string): boolean => {
  const field = document.querySelector(selector)
  if (field instanceof HTMLElement) field.focus()
  return field !== null
}

export const useActs = () => {
  const navigate = useNavigate()
  const { show } = useOverlays()
  return {
    /** The box of this page, else that of the first. */
    ask: (): void => {
      if (!focusOn('#ask')) void navigate({ to: '/', state: { wantsAsk: true } })
    },
    add: useChooseFiles(),
    /** The field of this page, else the palette. */
    search: (): void => {
      if (!focusOn('#find')) show('palette')
    },
    showPalette: (): void => show('palette'),
    showShortcuts: (): void => show('shortcuts'),
  }
}

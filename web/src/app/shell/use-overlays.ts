import { createContext, useContext } from 'react'

export type Overlay = 'palette' | 'shortcuts'

/** What may open over any page. */
export interface Overlays {
  show: (overlay: Overlay) => void
  /** Loads the palette before it is asked for: the pointer is on its way. */
  prepare: () => void
}

export const OverlaysContext = createContext<Overlays>({ show: () => undefined, prepare: () => undefined })

export const useOverlays = (): Overlays => useContext(OverlaysContext)

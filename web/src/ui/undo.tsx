/** Removing with a way back: the thing goes from sight at once, and for good when the offer to undo ends. */
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { newKey } from '../lib/keys.ts'
import { useShortcuts } from '../lib/shortcuts.tsx'
import { createStore, type Store, useStore } from '../lib/store.ts'
import { FailureToast, UndoToast } from './toasts.tsx'

export interface Removal {
  id: string
  /** What the toast says. */
  text: string
  /** Makes it so. It may run while the page goes away. */
  commit: () => Promise<void>
}

interface Removals {
  open: Removal[]
  failed: { id: string; error: unknown }[]
}

const RemovalsContext = createContext<Store<Removals> | null>(null)

const useRemovalStore = (): Store<Removals> => {
  const store = useContext(RemovalsContext)
  if (!store) throw new Error('Removals need an UndoProvider')
  return store
}

export const useRemovals = () => {
  const store = useRemovalStore()
  const { open } = useStore(store)
  return {
    isGone: (id: string): boolean => open.some((removal) => removal.id === id),
    remove: (removal: Removal): void => {
      focusBeside()
      store.update((all) => ({ ...all, open: [...all.open, removal] }))
    },
    /** Tells of something that was taken for done and failed. */
    fail: (error: unknown): void =>
      store.update((all) => ({ ...all, failed: [...all.failed, { id: newKey(), error }] })),
  }
}

/** The row that has the focus goes: the one beside it takes it, so that the keyboard does not begin anew. */
const focusBeside = (): void => {
  const row = document.activeElement?.closest('li')
  const beside = row?.nextElementSibling ?? row?.previousElementSibling
  if (!(beside instanceof HTMLElement)) return
  beside.tabIndex = -1
  beside.focus({ preventScroll: true })
}

const drop = (store: Store<Removals>, id: string): void =>
  store.update(({ open, failed }) => ({
    open: open.filter((removal) => removal.id !== id),
    failed: failed.filter((failure) => failure.id !== id),
  }))

const settle = (store: Store<Removals>, removal: Removal): void => {
  removal.commit().catch((error: unknown) => {
    store.update((all) => ({ ...all, failed: [...all.failed, { id: removal.id, error }] }))
  })
  drop(store, removal.id)
}

export const UndoProvider = ({ children }: { children: ReactNode }) => {
  const [store] = useState(() => createStore<Removals>({ open: [], failed: [] }))
  useEffect(() => {
    const settleAll = (): void => {
      for (const removal of store.get().open) settle(store, removal)
    }
    addEventListener('pagehide', settleAll)
    return () => removeEventListener('pagehide', settleAll)
  }, [store])
  return (
    <RemovalsContext value={store}>
      {children}
      <Toasts store={store} />
    </RemovalsContext>
  )
}

const Toasts = ({ store }: { store: Store<Removals> }) => {
  const { open, failed } = useStore(store)
  const undo = (removal: Removal | undefined): void => {
    if (!removal) return
    drop(store, removal.id)
    if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true })
  }
  useShortcuts([{ keys: 'z', does: 'undo', run: () => undo(open.at(-1)) }])
  return (
    <div className="toasts" role="status">
      {open.map((removal) => (
        <UndoToast
          key={removal.id}
          text={removal.text}
          onUndo={() => undo(removal)}
          onEnd={() => settle(store, removal)}
        />
      ))}
      {failed.map(({ id, error }) => (
        <FailureToast key={id} error={error} onClose={() => drop(store, id)} />
      ))}
    </div>
  )
}

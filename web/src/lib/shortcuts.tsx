/** Keys that do something anywhere on the page. What is on the page says which there are, so that the list of them is true. */
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { nameOf, resolve } from './shortcut-keys.ts'
import { createStore, type Store, useStore } from './store.ts'
import { readStored, store } from './stored.ts'

export interface Shortcut {
  /** 'n', 'g h', '?', 'mod+k'. */
  keys: string
  /** Name of what it does among the texts. */
  does: ShortcutName
  run: () => void
}

/** In the order in which they are listed. */
const shortcutNames = [
  'palette',
  'search',
  'ask',
  'add',
  'home',
  'conversations',
  'documents',
  'account',
  'next',
  'before',
  'open',
  'undo',
  'list',
] as const
export type ShortcutName = (typeof shortcutNames)[number]

interface Shortcuts {
  /** Those of all that is on the page. */
  all: () => Shortcut[]
  add: (of: { current: readonly Shortcut[] }) => () => void
  /** Keys that are letters can be switched off: speech input and slips of the hand type them, too. */
  letters: Store<boolean>
}

const lettersKey = 'lyceum.letters'
/** How long the second key may take. */
const sequenceMs = 1500

const ShortcutsContext = createContext<Shortcuts | null>(null)

export const useShortcutList = (): Shortcuts => {
  const shortcuts = useContext(ShortcutsContext)
  if (!shortcuts) throw new Error('Shortcuts need a ShortcutsProvider')
  return shortcuts
}

/** While the component is there, its keys work. */
export const useShortcuts = (shortcuts: readonly Shortcut[]): void => {
  const { add } = useShortcutList()
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  useEffect(() => add(latest), [add])
}

export const useLetters = () => {
  const { letters } = useShortcutList()
  const areOn = useStore(letters)
  return {
    areOn,
    set: (isOn: boolean): void => {
      store(lettersKey, isOn ? '' : 'off')
      letters.update(() => isOn)
    },
  }
}

const createShortcuts = (): Shortcuts => {
  const sources = new Set<{ current: readonly Shortcut[] }>()
  return {
    all: () =>
      [...sources]
        .flatMap(({ current }) => current)
        .toSorted((a, b) => shortcutNames.indexOf(a.does) - shortcutNames.indexOf(b.does)),
    add: (of) => {
      sources.add(of)
      return () => void sources.delete(of)
    },
    letters: createStore(readStored(lettersKey) !== 'off'),
  }
}

export const ShortcutsProvider = ({ children }: { children: ReactNode }) => {
  const [shortcuts] = useState(createShortcuts)
  useEffect(() => {
    const onKey = createListener(shortcuts)
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [shortcuts])
  return <ShortcutsContext value={shortcuts}>{children}</ShortcutsContext>
}

/** Fields take letters themselves, and an open dialog is all there is. */
const isElsewhere = ({ target }: KeyboardEvent): boolean =>
  (target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null) ||
  document.querySelector('dialog:modal') !== null

const createListener = (shortcuts: Shortcuts) => {
  let before: { keys: string; at: number } | null = null
  return (event: KeyboardEvent): void => {
    const name = nameFor(event, shortcuts)
    if (!name) return
    const isSoon = before && event.timeStamp - before.at < sequenceMs
    const { run, wait } = resolve(shortcuts.all(), isSoon && before ? before.keys : null, name)
    before = wait ? { keys: wait, at: event.timeStamp } : null
    if (!run) return
    event.preventDefault()
    run.run()
  }
}

/** The keys, if they are meant for the page. */
const nameFor = (event: KeyboardEvent, { letters }: Shortcuts): string | null => {
  if (event.defaultPrevented || event.isComposing) return null
  const name = nameOf(event)
  if (!name || name.startsWith('mod+')) return name
  return letters.get() && !isElsewhere(event) ? name : null
}

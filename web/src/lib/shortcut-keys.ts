/** Which keys were pressed, and what they mean. */

/** What a key event tells; a part of the browser's own. */
export interface Pressed {
  key: string
  /** Where the key is, whatever is printed on it. */
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

/**
 * The name of the pressed keys: 'mod+k', 'g', '?', or null for what no shortcut uses. A letter is known by its place
 * where the layout writes another script, so that `N` works on an Arabic keyboard, too.
 */
export const nameOf = ({ key, code, ctrlKey, metaKey, altKey }: Pressed): string | null => {
  if (altKey) return null
  const name = isAscii(key) ? key.toLowerCase() : latinAt(code, key)
  if (!name) return null
  return ctrlKey || metaKey ? `mod+${name}` : name
}

const isAscii = (key: string): boolean => /^[!-~]$/.test(key)

const latinAt = (code: string, key: string): string | null => {
  if (key === '؟') return '?'
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter) return letter.toLowerCase()
  return code === 'Slash' && key.length === 1 ? '/' : null
}

/** What a press does after those before it ('g', then 'h'): runs something, waits for more, or nothing. */
export const resolve = <T extends { keys: string }>(
  shortcuts: readonly T[],
  before: string | null,
  pressed: string,
): { run?: T; wait?: string } => {
  const keys = before ? `${before} ${pressed}` : pressed
  const run = shortcuts.find((shortcut) => shortcut.keys === keys)
  if (run) return { run }
  if (shortcuts.some((shortcut) => shortcut.keys.startsWith(`${keys} `))) return { wait: keys }
  return before ? resolve(shortcuts, null, pressed) : {}
}

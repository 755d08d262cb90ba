/** Small things that survive a reload. A browser may refuse to store; then they just do not. */

export const readStored = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** An empty value takes the entry away. */
export const store = (key: string, value: string): void => {
  try {
    if (value === '') localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Nothing to do: the value lives as long as the page.
  }
}

/** Puts a text on the clipboard; false when the browser does not let it. */
export const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

/** The clipboard exists on https and localhost only, and schools start on plain addresses. */
const copyBySelection = (text: string): boolean => {
  const box = document.createElement('textarea')
  box.value = text
  box.readOnly = true
  box.className = 'sr'
  const focused = document.activeElement
  // Inside an open dialog: what lies outside of it cannot be selected.
  ;(focused?.closest('dialog') ?? document.body).append(box)
  box.select()
  const isCopied = document.execCommand('copy')
  box.remove()
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
  return isCopied
}

/** A page that is older than its server asks for parts that are not there any more: the new page has them. */

const key = 'lyceum.reloaded'
/** A part that is missing from the new page, too, must not make it load for ever. */
const onceInMs = 60_000

const wasJustReloaded = (): boolean => {
  try {
    const isRecent = Date.now() - Number(sessionStorage.getItem(key) ?? 0) < onceInMs
    if (!isRecent) sessionStorage.setItem(key, String(Date.now()))
    return isRecent
  } catch {
    return true
  }
}

export const reloadWhenOutdated = (): void =>
  addEventListener('vite:preloadError', (event) => {
    if (!navigator.onLine || wasJustReloaded()) return
    event.preventDefault()
    location.reload()
  })

/**
 * Where chat completions are, from the base address that people write: with or without `/v1`, a slash or the whole path.
 * An address whose path ends in a version of its own (`/api/v3`, `/v1beta/openai`) is left as it is.
 */
export const completionsUrl = (baseUrl: string): URL => {
  const url = new URL(baseUrl)
  const path = url.pathname.replace(/\/+$/, '')
  if (path.endsWith('/chat/completions')) url.pathname = path
  else url.pathname = `${/\/v\d/.test(path) ? path : `${path}/v1`}/chat/completions`
  url.hash = ''
  return url
}

/** The address as it may be logged: without user, password and query, which may hold a key. */
export const withoutSecrets = (address: string | URL): string => {
  const { origin, pathname } = new URL(address)
  return `${origin}${pathname}`
}

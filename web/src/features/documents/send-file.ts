/** Sends a file and says how far it is: `fetch` cannot tell that, XMLHttpRequest can. */
import { addressOf, ConnectionError, toApiError } from '@lyceum/contract/client'
import { documentsRoutes, Uploaded } from '@lyceum/contract/documents'

interface Sending {
  signal: AbortSignal
  onProgress: (sentBytes: number) => void
}

/** @throws ApiError, ConnectionError, or the signal's reason */
export const sendFile = (file: File, { signal, onProgress }: Sending): Promise<Uploaded> =>
  new Promise((resolve, reject) => {
    const form = new FormData()
    form.append('file', file)
    const request = new XMLHttpRequest()
    request.upload.onprogress = ({ loaded }) => onProgress(loaded)
    request.onload = () => {
      const { status, responseText } = request
      if (status !== 202) return reject(toApiError(status, responseText, headersOf(request)))
      const parsed = Uploaded.safeParse(JSON.parse(responseText))
      return parsed.success ? resolve(parsed.data) : reject(parsed.error)
    }
    request.onerror = () => reject(new ConnectionError('upload'))
    request.onabort = () => reject(signal.reason)
    signal.addEventListener('abort', () => request.abort())
    request.open('POST', addressOf(documentsRoutes.upload, {}))
    request.setRequestHeader('accept', 'application/json')
    request.send(form)
  })

const headersOf = (request: XMLHttpRequest): Pick<Headers, 'get'> => ({
  get: (name) => request.getResponseHeader(name),
})

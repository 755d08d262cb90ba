/** Files on their way to the server, one after the other; they go on while pages come and go. */
import { ApiError } from '@lyceum/contract/client'
import type { Document, Uploaded } from '@lyceum/contract/documents'
import { limits } from '@lyceum/contract/limits'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useState } from 'react'
import { type Api, useApi } from '../../lib/api.ts'
import { newKey } from '../../lib/keys.ts'
import { createStore, type Store, useStore } from '../../lib/store.ts'
import { addToList } from './queries.ts'
import { sendFile } from './send-file.ts'

export interface Upload {
  key: string
  file: File
  sentBytes: number
  /** Why it was not sent; an oversized file never is. */
  failure: { kind: 'too_large' | 'empty' } | { kind: 'error'; error: unknown } | null
  /** The document that these bytes are already: nothing was added. */
  twin: Document | null
  abort: AbortController
}

export interface Uploads {
  store: Store<Upload[]>
  add: (files: Iterable<File>) => void
  retry: (upload: Upload) => void
  remove: (upload: Upload) => void
}

/** @param onStored takes what was stored into the list, and says whether it was there before */
export const createUploads = (api: Api, onStored: (uploaded: Uploaded) => boolean): Uploads => {
  const store = createStore<Upload[]>([])
  let line: Promise<void> = Promise.resolve()
  const change = (key: string, part: Partial<Upload>): void =>
    store.update((all) => all.map((upload) => (upload.key === key ? { ...upload, ...part } : upload)))
  const remove = ({ key, abort }: Upload): void => {
    abort.abort()
    store.update((all) => all.filter((upload) => upload.key !== key))
  }

  const send = async (upload: Upload): Promise<void> => {
    if (upload.abort.signal.aborted) return
    const onProgress = (sentBytes: number): void => change(upload.key, { sentBytes })
    try {
      const uploaded = await withSession(api, () => sendFile(upload.file, { signal: upload.abort.signal, onProgress }))
      if (onStored(uploaded)) change(upload.key, { twin: uploaded.document })
      else remove(upload)
    } catch (error) {
      if (!upload.abort.signal.aborted) change(upload.key, { failure: { kind: 'error', error } })
    }
  }
  const enqueue = (upload: Upload): void => {
    line = line.then(() => send(upload))
  }

  const add = (files: Iterable<File>): void => {
    const added = Array.from(files, toUpload)
    store.update((all) => [...added, ...all])
    for (const upload of added) if (!upload.failure) enqueue(upload)
  }
  const retry = (upload: Upload): void => {
    const again = { ...upload, failure: null, sentBytes: 0 }
    change(upload.key, again)
    enqueue(again)
  }
  return { store, add, retry, remove }
}

const toUpload = (file: File): Upload => {
  const kind = file.size > limits.uploadBytes ? 'too_large' : file.size === 0 ? 'empty' : null
  return { key: newKey(), file, sentBytes: 0, failure: kind && { kind }, twin: null, abort: new AbortController() }
}

const withSession = async <T,>(api: Api, send: () => Promise<T>): Promise<T> => {
  try {
    return await send()
  } catch (error) {
    const hasEnded = error instanceof ApiError && error.problem.status === 401
    if (hasEnded && (await api.renew())) return send()
    throw error
  }
}

const UploadsContext = createContext<Uploads | null>(null)

export const UploadsProvider = ({ children }: { children: ReactNode }) => {
  const api = useApi()
  const queries = useQueryClient()
  const [uploads] = useState(() => createUploads(api, ({ document }) => addToList(queries, document)))
  return <UploadsContext value={uploads}>{children}</UploadsContext>
}

export const useUploads = (): Omit<Uploads, 'store'> & { list: Upload[] } => {
  const uploads = useContext(UploadsContext)
  if (!uploads) throw new Error('useUploads needs an UploadsProvider')
  return { ...uploads, list: useStore(uploads.store) }
}

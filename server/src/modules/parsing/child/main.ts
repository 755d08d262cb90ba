import type { ParsedPage, Reader } from '../types.ts'
import { brokenInstallation, type FromChild, type ParseRequest, type ToChild } from './messages.ts'
import { loadReader, runReader } from './run-reader.ts'
import { startGuard } from './start-guard.ts'

// The parent has its answer, or is gone: either way nobody waits.
process.once('disconnect', () => process.exit(0))
startGuard()

let release: (() => void) | undefined

const tell = (message: FromChild): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error ? reject(error) : resolve()))
  })

/** Resolves when the parent has taken the pages before; so the pages of at most one message wait in the pipe. */
const taken = (): Promise<void> =>
  new Promise((resolve) => {
    release = resolve
  })

const load = async (mediaType: ParseRequest['mediaType']): Promise<Reader> => {
  try {
    return await loadReader(mediaType)
  } catch (error) {
    console.error(error)
    process.exit(brokenInstallation)
  }
}

/** A message costs as much as a page of plain text takes to read: quick pages travel together. */
const sendEveryMs = 50
/** What waits on either side stays small, however quick the pages are. */
const mostCharacters = 200_000

const createSender = () => {
  let batch: ParsedPage[] = []
  let characters = 0
  let sentAt = 0
  let pending: Promise<void> = Promise.resolve()
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    await pending
    pending = taken()
    const pages = batch
    batch = []
    characters = 0
    sentAt = performance.now()
    await tell({ type: 'pages', pages })
  }
  return {
    send: async (page: ParsedPage): Promise<void> => {
      batch.push(page)
      characters += page.text.length
      if (characters >= mostCharacters || performance.now() - sentAt >= sendEveryMs) await flush()
    },
    /** Resolves when the parent has taken all. */
    end: async (): Promise<void> => {
      await flush()
      await pending
    },
  }
}

const run = async (request: ParseRequest): Promise<void> => {
  const reader = await load(request.mediaType)
  const { send, end } = createSender()
  const outcome = await runReader(reader, request, {
    start: (pageCount) => void tell({ type: 'start', pageCount }),
    send,
  })
  await end()
  await tell({ type: 'end', outcome })
}

process.on('message', (message: ToChild) => {
  if (message.type === 'next') release?.()
  else void run(message.request)
})

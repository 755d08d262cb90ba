import type { Reader } from '../types.ts'
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

/** Resolves when the parent has taken the page before; so at most one page waits in the pipe. */
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

const run = async (request: ParseRequest): Promise<void> => {
  const reader = await load(request.mediaType)
  let pending: Promise<void> = Promise.resolve()
  const outcome = await runReader(reader, request, {
    start: (pageCount) => void tell({ type: 'start', pageCount }),
    send: async (page) => {
      await pending
      pending = taken()
      await tell({ type: 'page', page })
    },
  })
  await pending
  await tell({ type: 'end', outcome })
}

process.on('message', (message: ToChild) => {
  if (message.type === 'next') release?.()
  else void run(message.request)
})

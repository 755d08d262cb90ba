/** The database's own thread: a long query stops this thread's event loop and not the server's. */
import { parentPort, workerData } from 'node:worker_threads'
import { openEngine } from './engine.ts'
import type { FromThread, ThreadSettings, ToThread } from './messages.ts'

const port = parentPort
if (port === null) throw new Error('worker.ts runs in a worker thread only')

const tell = (message: FromThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)

const settings: ThreadSettings = workerData
const engine = await openEngine(settings.dir)

const answer = async (message: ToThread): Promise<void> => {
  if (message.kind === 'close') {
    await engine.close()
    tell({ kind: 'closed' })
    port.close()
    return
  }
  const bytes = await engine.run(message.bytes)
  tell({ kind: 'reply', bytes, syncs: engine.syncs() }, [bytes.buffer])
}

let last = Promise.resolve()
port.on('message', (message: ToThread) => {
  last = last
    .then(() => answer(message))
    .catch((error: unknown) =>
      tell({ kind: 'broken', message: error instanceof Error ? error.message : String(error) }),
    )
})
tell({ kind: 'ready' })

import { Worker } from 'node:worker_threads'

/** Its garbage is young: with room for it, less of it is copied about. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 }

/**
 * Work that would hold everybody else up, done in a thread of its own: the script is given `input` as its `workerData`
 * and posts one answer. @throws whatever the thread died of, or the signal's reason
 */
export const runInThread = <T>(script: URL, input: unknown, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(script, { workerData: input, env: {}, resourceLimits })
    const stop = (): void => {
      void thread.terminate()
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', (code) => {
      signal.removeEventListener('abort', stop)
      // Changes nothing after an answer: the promise is settled.
      reject(new Error(`The indexing thread ended with ${code} and no answer`))
    })
    if (signal.aborted) stop()
  })

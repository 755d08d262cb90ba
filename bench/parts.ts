/** Processes that a bench sets up around what it measures. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

export interface Part {
  child: ChildProcess
  url: string
}

/** Starts a script of this folder that listens and tells its port; it ends when it is disconnected. */
export const startPart = async (file: string, args: string[]): Promise<Part> => {
  const child = fork(join(import.meta.dirname, file), args)
  const { port } = await new Promise<{ port: number }>((resolve) => {
    child.once('message', (message) => resolve(message as { port: number }))
  })
  return { child, url: `http://127.0.0.1:${port}` }
}

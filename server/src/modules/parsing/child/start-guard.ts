import { Worker } from 'node:worker_threads'

/** Starts the thread that ends this process over its memory limit (its first argument, in MB) or without its parent. */
export const startGuard = (): void => {
  const workerData = { limitMb: Number(process.argv[2]), parent: process.ppid }
  new Worker(new URL('guard.mjs', import.meta.url), { workerData }).unref()
}

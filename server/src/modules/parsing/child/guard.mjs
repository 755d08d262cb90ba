import { workerData } from 'node:worker_threads'

/**
 * A thread of the child that kills its process over the memory limit or when the parent is gone, even while a parser
 * spins and no event of the main thread is served. It needs no /proc, so it also serves where the parent cannot look.
 * Plain JavaScript: a thread that strips types loads a compiler first, 70 ms of CPU for each document.
 * @type {{ limitMb: number, parent: number }}
 */
const { limitMb, parent } = workerData

setInterval(() => {
  const isOver = process.memoryUsage.rss() > limitMb * 1_000_000
  if (isOver || process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, 50)

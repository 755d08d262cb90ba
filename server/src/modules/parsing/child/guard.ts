import { workerData } from 'node:worker_threads'

/**
 * A thread of the child that kills its process over the memory limit or when the parent is gone, even while a parser
 * spins and no event of the main thread is served. It needs no /proc, so it also serves where the parent cannot look.
 */
const { limitMb, parent } = workerData as { limitMb: number; parent: number }

setInterval(() => {
  const isOver = process.memoryUsage.rss() > limitMb * 1_000_000
  if (isOver || process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, 50)

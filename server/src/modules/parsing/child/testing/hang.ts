import { startGuard } from '../start-guard.ts'

// A parser that never ends and never yields: no event of this thread is served again.
startGuard()
process.on('message', () => {
  process.send?.({ type: 'start', pageCount: process.pid }, undefined, undefined, () => {
    for (;;);
  })
})

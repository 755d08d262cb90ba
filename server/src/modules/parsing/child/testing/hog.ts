import { startGuard } from '../start-guard.ts'

// A parser that fills buffers, which V8's own limit does not count.
startGuard()
const kept: Buffer[] = []
for (;;) kept.push(Buffer.alloc(4_000_000, 1))

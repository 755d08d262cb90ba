import { fileURLToPath } from 'node:url'
import { defaultLimits } from '../../types.ts'
import { runInChild } from '../run-child.ts'

// A server that is killed while a parser spins; it tells the parser's process id before that.
void runInChild({
  request: { path: process.execPath, fileName: 'x.txt', mediaType: 'text/plain', maxPages: 1 },
  limits: defaultLimits,
  entry: fileURLToPath(new URL('hang.ts', import.meta.url)),
  onPage: () => undefined,
  onStart: ({ pageCount: pid }) => console.log(pid),
})

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const attempt = (act: () => unknown): string => {
  try {
    act()
    return 'allowed'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'refused'
  }
}

// A parser that was taken over: it tells what it could reach.
process.on('message', () => {
  const title = JSON.stringify({
    settings: Object.keys(process.env).sort(),
    reads: attempt(() => readFileSync('/etc/hostname')),
    writes: attempt(() => writeFileSync(join(tmpdir(), 'lyceum-curious'), 'x')),
    starts: attempt(() => execFileSync('true')),
    evaluates: attempt(() => new Function('return 1')()),
  })
  process.send?.({ type: 'end', outcome: { ok: true, title, language: null, pageCount: 0 } })
})
process.once('disconnect', () => process.exit(0))

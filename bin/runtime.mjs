// Finds the Node that this project runs on and runs a script under it. Plain JavaScript that an old Node can read: the
// server itself is TypeScript and needs Node 24, which comes as a package for the common platforms.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'

export const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
/** Type stripping is stable from here on. */
const wanted = [24, 12]

const isNewEnough = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > wanted[0] || (major === wanted[0] && minor >= wanted[1])
}

const findNode = () => {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  try {
    const folder = join(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`), '..')
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    if (isNewEnough()) return process.execPath
    process.stderr.write(
      `Lyceum needs Node ${wanted.join('.')} or later; this is ${process.versions.node}, and the package ${name} is not installed. Run "npm ci", or install a newer Node.\n`,
    )
    process.exit(1)
  }
}

/**
 * PGlite is WebAssembly, and V8's optimising compiler takes 600 MB and seconds of CPU for one of its functions alone. The
 * baseline compiler's code answers short queries as fast; long aggregates take half as long again.
 * Measured: docs/decisions/0007-baseline-webassembly.md.
 */
export const nodeFlags = ['--liftoff-only', '--import', join(root, 'bin', 'fast-imports.mjs')]

/** Runs the right Node with these arguments and ends as it ends. Signals are handed on. */
export const runUnderNode = (args) => {
  const child = spawn(findNode(), [...nodeFlags, ...args], {
    // The channel tells the child when we are gone, as after kill -9.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'lyceum'), ...process.env },
  })
  let asked = false
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      asked = true
      child.kill(signal)
      // It ends within 25 s by itself; one that hangs is not left behind.
      setTimeout(() => child.kill('SIGKILL'), 29_000).unref()
    })
  }
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
  // Ended by the signal before it could listen for it: nothing was open yet, and ending is what was asked for.
  child.on('exit', (code, signal) => process.exit(code ?? (asked && signal !== 'SIGKILL' ? 0 : 1)))
}

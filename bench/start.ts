/** CPU and memory of the server process until it is ready: first start (empty folder) and later ones. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { nodeFlags } from '../bin/runtime.mjs'

const rounds = 3
const cli = join(import.meta.dirname, '../server/src/cli.ts')
const cache = join(import.meta.dirname, '../node_modules/.cache/lyceum')

interface Ready {
  cpuSeconds: number
  memoryMb: number
}

export const benchStart = async (): Promise<void> => {
  const bare = await cpuOfBareNode()
  const first: Ready[] = []
  const later: Ready[] = []
  // Once unmeasured: it fills the compile cache, as the first start on a machine does.
  const warm = await mkdtemp(join(tmpdir(), 'lyceum-bench-'))
  const cold = await startOnce(warm)
  await rm(warm, { recursive: true, force: true })
  for (let round = 0; round < rounds; round += 1) {
    const dir = await mkdtemp(join(tmpdir(), 'lyceum-bench-'))
    first.push(await startOnce(dir))
    later.push(await startOnce(dir))
    await rm(dir, { recursive: true, force: true })
  }
  const line = (name: string, seen: Ready[]): string =>
    `| ${name} | ${seen.map(({ cpuSeconds }) => cpuSeconds.toFixed(2)).join(', ')} | ${(Math.min(...seen.map(({ cpuSeconds }) => cpuSeconds)) / bare).toFixed(0)} | ${seen.map(({ memoryMb }) => memoryMb).join(', ')} |`
  process.stdout.write(
    [
      `an empty Node: ${bare.toFixed(3)} CPU-s`,
      '',
      '| embedded | CPU-s to ready | times an empty Node (least) | MB resident |',
      '|---|---|---|---|',
      line('the first start of all (compile cache may be cold)', [cold]),
      line('first start of a folder', first),
      line('later starts', later),
      '',
    ].join('\n'),
  )
}

const cpuOfBareNode = async (): Promise<number> => {
  const child = spawn(process.execPath, ['-p', 'const {user,system}=process.cpuUsage(); (user+system)/1e6'])
  let text = ''
  for await (const bytes of child.stdout) text += bytes
  return Number(text)
}

const startOnce = async (dir: string): Promise<Ready> => {
  const child = spawn(process.execPath, [...nodeFlags, cli, 'serve'], {
    env: {
      DATA_DIR: dir,
      PORT: '0',
      RATE_LIMITS: 'off',
      NODE_COMPILE_CACHE: cache,
      ADMIN_EMAIL: 'bench@example.org',
      ADMIN_PASSWORD: 'Bench-12345',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ready = await readyLine(child)
  child.kill('SIGTERM')
  await new Promise((resolve) => child.on('exit', resolve))
  return ready
}

const readyLine = async (child: ChildProcess): Promise<Ready> => {
  if (!child.stdout) throw new Error('no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line)
    if ('cpuSeconds' in entry) return entry
  }
  throw new Error('The server ended before it was ready')
}

/** `lyceum eval [FOLDER]`: measures search, answers, refusal and proof on public question sets. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Console, UsageError } from './console.ts'

const script = join(import.meta.dirname, '../../../eval/run.ts')

/** @returns the exit code of the run */
export const evaluate = async ({ env }: Console, [folder]: readonly string[]): Promise<number> => {
  const data = folder ?? env.LYCEUM_SHARED_DATA
  if (!data || !existsSync(join(data, 'retrieval'))) {
    throw new UsageError(
      'Name the folder of the question sets (it holds retrieval/xquad-en.dev.json and others): lyceum eval FOLDER. Where they come from: docs/measurements.md',
    )
  }
  const child = spawn(process.execPath, [...process.execArgv, script], {
    env: { ...env, LYCEUM_SHARED_DATA: resolve(data) },
    stdio: 'inherit',
  })
  const [code] = await once(child, 'exit')
  return code ?? 1
}

/** `lyceum doctor`: whether it would start here, part by part. */
import { readConfig } from '#platform/config/index.ts'
import { examine, type Finding } from '#platform/doctor.ts'
import type { Console } from './console.ts'

const marks = { ok: 'ok      ', warning: 'warning ', fault: 'FAULT   ' }

/** @returns the exit code: 1 when something would keep it from starting */
export const doctor = async ({ env, out }: Console): Promise<number> => {
  const findings = await examine(readConfig(env))
  for (const { part, state, words } of findings) out(`${marks[state]}${part}: ${words}\n`)
  const has = (wanted: Finding['state']): boolean => findings.some(({ state }) => state === wanted)
  out(has('fault') ? '\nIt would not start. Mend what is marked FAULT.\n' : '\nIt will start: lyceum serve\n')
  return has('fault') ? 1 : 0
}

/** `lyceum audit verify`. */
import { existsSync } from 'node:fs'
import { type Fault, headFile, keyFile, readAuditKey, type Verdict, verifyChain } from '#platform/audit/index.ts'
import { systemClock } from '#platform/clock.ts'
import { type Config, readConfig } from '#platform/config/index.ts'
import { openDatabase } from '#platform/db/index.ts'
import { migrate } from '#platform/db/migrate.ts'
import { OperatorError } from '#platform/errors.ts'
import { openDriver } from '#platform/platform.ts'
import { createLog } from '#platform/telemetry/log.ts'
import { type Console, UsageError } from './console.ts'

/** Walks the audit trail of the installation and names what in it is not as it was written; then the exit code is 1. */
export const audit = async ({ env, out }: Console, args: readonly string[]): Promise<number> => {
  const [verb, ...rest] = args
  if (verb !== 'verify' || rest.length > 0) throw new UsageError('Say: lyceum audit verify')
  const config = readConfig(env)
  if (!existsSync(config.dataDir))
    throw new OperatorError(`There is no installation in ${config.dataDir}. Name its folder with DATA_DIR.`)
  const verdict = await verify(config)
  for (const line of linesOf(verdict, config.dataDir)) out(`${line}\n`)
  return verdict.faultCount === 0 ? 0 : 1
}

const verify = async (config: Config): Promise<Verdict> => {
  const { dataDir } = config
  const key = await readAuditKey({ dataDir, secret: config.auditKey })
  if (!key)
    throw new OperatorError(
      `There is no ${keyFile} in ${dataDir}: without it nobody can tell what was written. Put it back from a backup, or set AUDIT_KEY.`,
    )
  const driver = await openDriver(config, createLog('silent'))
  try {
    await migrate(driver, 'check')
    return await verifyChain({ db: openDatabase(driver), clock: systemClock, key, dataDir })
  } finally {
    await driver.close()
  }
}

const linesOf = ({ entries, links, faults, faultCount, hasHead }: Verdict, dataDir: string): string[] => {
  const total = [...entries.values()].reduce((sum, count) => sum + count, 0)
  const lines = faults.map((fault) => `FAULT  ${placeOf(fault)}: ${meanings[fault.kind]}`)
  if (faultCount > faults.length) lines.push(`... and ${faultCount - faults.length} more`)
  if (!hasHead && links > 0)
    lines.push(`There is no ${headFile} in ${dataDir}: entries taken away at the end would not show.`)
  if (faultCount === 0) lines.push(`The audit trail is as it was written: ${total} entries, ${links} links.`)
  else
    lines.push(
      `The audit trail is not as it was written: ${faultCount} ${faultCount === 1 ? 'fault' : 'faults'} in ${total} entries.`,
    )
  return lines
}

const placeOf = ({ position, entryId }: Fault): string =>
  [position !== null && `place ${position}`, entryId && `entry ${entryId}`].filter(Boolean).join(', ')

const meanings: Record<Fault['kind'], string> = {
  entry_changed: 'the entry was changed, or put in by somebody else.',
  entry_removed: 'the entry was taken away.',
  link_changed: 'the link was changed, or stands where another stood.',
  link_removed: 'the link was taken away.',
  end_removed: `the chain went this far once, and its end was taken away. (After a copy of the database was put back by hand, remove ${headFile}.)`,
  entry_unlinked:
    'the entry has no link. A server that was killed links what it left at its next start; else it was put in.',
}

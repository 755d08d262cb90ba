/** `lyceum backup FILE` and `lyceum restore FILE`. */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type BackupNeeds, restoreBackup, writeBackup } from '#platform/backup/index.ts'
import { type Config, readConfig } from '#platform/config/index.ts'
import { migrate } from '#platform/db/migrate.ts'
import { OperatorError } from '#platform/errors.ts'
import { openDriver } from '#platform/platform.ts'
import { openFolderStorage } from '#platform/storage/folder.ts'
import { createLog } from '#platform/telemetry/log.ts'
import { type Console, UsageError } from './console.ts'

const fileOf = (args: readonly string[], command: string): string => {
  const [path, ...rest] = args
  if (!path || rest.length > 0) throw new UsageError(`Name one file: lyceum ${command} lyceum-backup.tar.gz`)
  return resolve(path)
}

/** Copies the installation of the settings into one file. */
export const backup = async ({ env, out }: Console, args: readonly string[]): Promise<void> => {
  const path = fileOf(args, 'backup')
  const config = readConfig(env)
  if (!existsSync(config.dataDir))
    throw new OperatorError(`There is no installation in ${config.dataDir}. Name its folder with DATA_DIR.`)
  const { rows, files } = await withInstallation(config, async (needs) => {
    await migrate(needs.driver, 'check')
    return writeBackup(needs, path, new Date())
  })
  out(`${path}: ${rows} rows and ${files} files.\n`)
  out(
    'It holds people’s texts, password hashes and the keys that sign sessions and the audit trail: keep it where only you can read it.\n',
  )
}

/** Fills the empty installation of the settings from one file. */
export const restore = async ({ env, out }: Console, args: readonly string[]): Promise<void> => {
  const path = fileOf(args, 'restore')
  if (!existsSync(path)) throw new UsageError(`There is no file ${path}.`)
  const { rows, files } = await withInstallation(readConfig(env), (needs) => restoreBackup(needs, path))
  out(`Restored ${rows} rows and ${files} files. Start it with: lyceum serve\n`)
}

const withInstallation = async <T>(config: Config, run: (needs: BackupNeeds) => Promise<T>): Promise<T> => {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const driver = await openDriver(config, createLog('silent'))
  try {
    return await run({ driver, storage: await openFolderStorage(config.files.dir), dataDir: config.dataDir })
  } finally {
    await driver.close()
  }
}

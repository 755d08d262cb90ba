/** The whole of an installation in one file, and back: people, documents, conversations, files. Of either shape, into either. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { z } from 'zod'
import type { Driver } from '../db/driver.ts'
import { listMigrations, migrate } from '../db/migrate.ts'
import type { Storage } from '../storage/index.ts'
import { ArchiveError, checkArchive, readArchive, readText, writeArchive } from './archive.ts'
import { type Batch, hasPeople, readRows, writeRows } from './rows.ts'

export { ArchiveError } from './archive.ts'

const Manifest = z.object({ format: z.literal(1), migrations: z.array(z.string()), createdAt: z.string() })

export interface BackupNeeds {
  driver: Driver
  storage: Storage
}
export interface Copied {
  rows: number
  files: number
}

/** Rows are of one moment. Files are never changed, and a row is written after its file: those that a row names are there. */
export const writeBackup = async ({ driver, storage }: BackupNeeds, path: string, now: Date): Promise<Copied> => {
  const copied = { rows: 0, files: 0 }
  await writeArchive(path, async ({ add, addStream }) => {
    const manifest = { format: 1, migrations: await listMigrations(), createdAt: now.toISOString() }
    await add('manifest.json', JSON.stringify(manifest))
    let number = 0
    await readRows(driver, async ({ table, json }, count) => {
      number += 1
      copied.rows += count
      await add(`tables/${String(number).padStart(8, '0')}-${table}.json`, json)
    })
    for await (const { key } of storage.list('')) {
      if (key.startsWith('arriving/')) continue
      await storage.withLocalPath(key, async (from) => {
        const found = await stat(from).catch(() => null)
        // Deleted for ever a moment ago.
        if (!found) return
        copied.files += 1
        await addStream(`files/${key}`, found.size, createReadStream(from))
      })
    }
  })
  return copied
}

/**
 * Fills an installation that has no accounts. Files come first, then all rows in one transaction: ended in between, it is
 * as empty as before, and the files without a row are swept.
 * @throws ArchiveError when the archive is damaged, newer than this program, or there are accounts already
 */
export const restoreBackup = async ({ driver, storage }: BackupNeeds, path: string): Promise<Copied> => {
  await checkArchive(path)
  const { migrations } = await readManifest(path)
  const known = await listMigrations()
  const foreign = migrations.filter((name) => !known.includes(name))
  if (foreign.length > 0)
    throw new ArchiveError(
      `${path} was written by a newer Lyceum (${foreign.join(', ')}). Restore it with that version.`,
    )
  await migrate(driver, 'apply', migrations)
  if (await hasPeople(driver)) {
    throw new ArchiveError(
      'There are accounts here already. A backup goes into an empty installation: name a new folder with DATA_DIR, or an empty database with DATABASE_URL.',
    )
  }
  const files = await restoreFiles(storage, path)
  const rows = await writeRows(driver, batchesOf(path))
  // Written by an older version: what has changed since is done to what came in.
  await migrate(driver, 'apply')
  return { rows, files }
}

const readManifest = async (path: string): Promise<z.output<typeof Manifest>> => {
  for await (const { name, content } of readArchive(path)) {
    if (name !== 'manifest.json') continue
    const manifest = Manifest.safeParse(JSON.parse(await readText(content)))
    if (manifest.success) return manifest.data
  }
  throw new ArchiveError(`${path} is no backup of a kind that this version knows.`)
}

const restoreFiles = async (storage: Storage, path: string): Promise<number> => {
  let files = 0
  for await (const { name, content } of readArchive(path)) {
    if (!name.startsWith('files/')) continue
    const arrival = await storage.receive(content)
    await arrival.keep(name.slice('files/'.length))
    files += 1
  }
  return files
}

const tableEntry = /^tables\/\d+-(\w+)\.json$/

const batchesOf = async function* (path: string): AsyncGenerator<Batch> {
  for await (const { name, content } of readArchive(path)) {
    const table = tableEntry.exec(name)?.[1]
    if (table) yield { table, json: await readText(content) }
  }
}

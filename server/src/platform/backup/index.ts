/** The whole of an installation in one file, and back: people, documents, conversations, files. Of either shape, into either. */
import { createReadStream } from 'node:fs'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { headFile, keyFile } from '../audit/index.ts'
import type { Driver } from '../db/driver.ts'
import { listMigrations, migrate } from '../db/migrate.ts'
import type { Storage } from '../storage/index.ts'
import { syncFolder } from '../storage/sync-folder.ts'
import { ArchiveError, checkArchive, readArchive, readText, writeArchive } from './archive.ts'
import { type Batch, hasPeople, readRows, writeRows } from './rows.ts'

export { ArchiveError } from './archive.ts'

const Manifest = z.object({ format: z.literal(1), migrations: z.array(z.string()), createdAt: z.string() })

export interface BackupNeeds {
  driver: Driver
  storage: Storage
  /** Where the audit trail's key and head are. */
  dataDir: string
}
export interface Copied {
  rows: number
  files: number
}

/** Rows are of one moment. Files are never changed, and a row is written after its file: those that a row names are there. */
export const writeBackup = async (
  { driver, storage, dataDir }: BackupNeeds,
  path: string,
  now: Date,
): Promise<Copied> => {
  const copied = { rows: 0, files: 0 }
  await writeArchive(path, async ({ add, addStream }) => {
    const manifest = { format: 1, migrations: await listMigrations(), createdAt: now.toISOString() }
    await add('manifest.json', JSON.stringify(manifest))
    // Before the rows: the head must not be ahead of them.
    for (const name of kept) {
      const found = await readIfThere(join(dataDir, name))
      if (found) await add(`data/${name}`, found.toString('base64'))
    }
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
export const restoreBackup = async ({ driver, storage, dataDir }: BackupNeeds, path: string): Promise<Copied> => {
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
  const putInPlace = await readKept(path)
  const rows = await writeRows(driver, batchesOf(path))
  await putInPlace(dataDir)
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

/** Files of the data folder beside those of people. Without their keys the audit trail proves nothing and no second factor opens. */
const kept = [keyFile, headFile, 'secrets.key']

const readIfThere = (path: string): Promise<Buffer | null> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : Promise.reject(error)))

/** Reads them. @returns what puts them into the folder, once the rows that they belong to are in */
const readKept = async (path: string): Promise<(dataDir: string) => Promise<void>> => {
  const found = new Map<string, Buffer>()
  for await (const { name, content } of readArchive(path)) {
    const file = kept.find((each) => name === `data/${each}`)
    if (file) found.set(file, Buffer.from(await readText(content), 'base64'))
  }
  return async (dataDir) => {
    // It belongs to the chain that has just been replaced.
    await rm(join(dataDir, headFile), { force: true })
    for (const [file, bytes] of found) {
      const arriving = join(dataDir, `${file}.arriving`)
      await writeFile(arriving, bytes, { mode: 0o600, flush: true })
      await rename(arriving, join(dataDir, file))
    }
    await syncFolder(dataDir)
  }
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

/** Files in the data folder. A kept file is synced before its place is named, and the place after it. */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../errors.ts'
import type { Storage } from './index.ts'
import { syncFolder } from './sync-folder.ts'

/** Enough for every signature that we tell types by, the first entry of an archive included. */
const headBytes = 4096

export const openFolderStorage = async (dir: string): Promise<Storage> => {
  const root = resolve(dir)
  const arriving = join(root, 'arriving')
  await mkdir(arriving, { recursive: true, mode: 0o700 })
  await removeStale(arriving)

  const pathOf = (key: string): string => {
    const path = resolve(root, key)
    if (!path.startsWith(root + sep)) throw new Error('A storage key leads out of the folder')
    return path
  }
  return {
    receive: async (stream) => {
      const path = join(arriving, randomUUID())
      const meter = createMeter()
      try {
        await pipeline(stream, meter.through, createWriteStream(path, { mode: 0o600, flush: true }))
      } catch (error) {
        await rm(path, { force: true })
        throw isDiskFull(error)
          ? new AppError('storage_full', 'The disk of the server is full.', { cause: error })
          : error
      }
      return {
        ...meter.read(),
        path,
        keep: async (key) => {
          const place = pathOf(key)
          await mkdir(dirname(place), { recursive: true, mode: 0o700 })
          await rename(path, place)
          await syncFolder(dirname(place))
        },
        drop: () => rm(path, { force: true }),
      }
    },
    open: async (key) => createReadStream(pathOf(key)),
    withLocalPath: (key, use) => use(pathOf(key)),
    remove: (key) => rm(pathOf(key), { force: true }),
    list: async function* (prefix) {
      const below = await readdir(prefix === '' ? root : pathOf(prefix), {
        recursive: true,
        withFileTypes: true,
      }).catch(() => [])
      for (const entry of below) {
        if (!entry.isFile()) continue
        const path = join(entry.parentPath, entry.name)
        const found = await stat(path).catch(() => null)
        if (found) yield { key: relative(root, path).split(sep).join('/'), writtenAt: found.mtime }
      }
    },
  }
}

/** What an upload cut off long ago left behind was never acknowledged. Younger ones may be another process's. */
const removeStale = async (arriving: string): Promise<void> => {
  for (const name of await readdir(arriving)) {
    const path = join(arriving, name)
    const found = await stat(path).catch(() => null)
    if (found && Date.now() - found.mtimeMs > staleMs) await rm(path, { force: true })
  }
}
const staleMs = 60 * 60 * 1000

const createMeter = () => {
  const hash = createHash('sha256')
  const head: Buffer[] = []
  let sizeBytes = 0
  const through = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      hash.update(bytes)
      if (sizeBytes < headBytes) head.push(bytes.subarray(0, headBytes - sizeBytes))
      sizeBytes += bytes.length
      done(null, bytes)
    },
  })
  return { through, read: () => ({ sha256: hash.digest('hex'), sizeBytes, head: Buffer.concat(head) }) }
}

const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')

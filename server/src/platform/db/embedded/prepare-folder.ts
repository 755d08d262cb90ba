/** Makes sure that there is a database in the data folder before PGlite opens it. Lives in the worker. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { readImage } from './image.ts'

/** Makes what was created or renamed in a folder survive a loss of power. */
export const syncFolder = (path: string): void => {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

const unpackInto = (dir: string): void => {
  const folders = [dir]
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  for (const file of readImage()) {
    const path = join(dir, file.path)
    if (file.bytes) {
      writeFileSync(path, file.bytes, { mode: 0o600, flush: true })
    } else {
      mkdirSync(path, { recursive: true, mode: 0o700 })
      folders.push(path)
    }
  }
  folders.forEach(syncFolder)
}

/**
 * Unpacks the prepared image when `dir` is missing or empty. It is unpacked beside and renamed in one step:
 * a process killed in the middle leaves nothing that looks like a database. The caller holds the lock.
 * @throws Error when the folder holds something else
 */
export const prepareFolder = (dir: string): void => {
  if (existsSync(join(dir, 'PG_VERSION'))) return
  if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new Error(`${dir} holds files but no database; choose an empty folder or move them away.`)
  }
  const unpacking = `${dir}.unpacking`
  rmSync(unpacking, { recursive: true, force: true })
  unpackInto(unpacking)
  rmSync(dir, { recursive: true, force: true })
  renameSync(unpacking, dir)
  syncFolder(dirname(dir))
}

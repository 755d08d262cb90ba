/**
 * The prepared data folder (initdb already done) that comes as a package of PGlite's makers. Unpacking and
 * syncing it costs 0.26 CPU-seconds where initdb costs 5 to 7 (both measured on two shared cores).
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'

export interface ImageFile {
  /** Relative to the data folder, without a leading slash. */
  path: string
  /** `null` for a folder. */
  bytes: Buffer | null
}

const block = 512
const folderType = '5'

const text = (header: Buffer, start: number, length: number): string => {
  const field = header.subarray(start, start + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? length : end)
}

/** Reads a ustar archive (https://www.gnu.org/software/tar/manual/html_node/Standard.html). */
export const readTar = (archive: Buffer): ImageFile[] => {
  const files: ImageFile[] = []
  for (let at = 0; at + block <= archive.length && archive[at] !== 0; ) {
    const header = archive.subarray(at, at + block)
    const size = Number.parseInt(text(header, 124, 12), 8) || 0
    const isFolder = text(header, 156, 1) === folderType
    const path = text(header, 0, 100).replace(/^\/+|\/+$/g, '')
    const start = at + block
    if (path) files.push({ path, bytes: isFolder ? null : archive.subarray(start, start + size) })
    at = start + Math.ceil(size / block) * block
  }
  return files
}

/** Reads the prepared image from the installed package. */
export const readImage = (): ImageFile[] => {
  const require = createRequire(import.meta.url)
  const entry = require.resolve('@electric-sql/pglite-prepopulatedfs')
  return readTar(gunzipSync(readFileSync(join(dirname(entry), 'prepopulatedfs.tgz'))))
}

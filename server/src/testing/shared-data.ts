/** Public collections of hard input that are no part of this repository: `LYCEUM_SHARED_DATA` names their folder. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

const folder = process.env.LYCEUM_SHARED_DATA

/** For the `skip` of a test that needs them: false when they are there, else why it is skipped. */
export const noSharedData: string | false = folder ? false : 'LYCEUM_SHARED_DATA names no folder'

export const readShared = (path: string): Buffer => readFileSync(join(folder ?? '', path))

/** The files of a `.tar.gz` by name; of the format no more than plain files with short names. */
export const readSharedArchive = (path: string): Map<string, Buffer> => {
  const bytes = gunzipSync(readShared(path))
  const files = new Map<string, Buffer>()
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    const text = (from: number, length: number): string =>
      bytes.toString('utf8', at + from, at + from + length).replace(/\0.*/s, '')
    const size = Number.parseInt(text(124, 12), 8)
    const isFile = text(156, 1) === '0' || text(156, 1) === ''
    if (isFile) files.set(text(0, 100), bytes.subarray(at + blockBytes, at + blockBytes + size))
    at += blockBytes + Math.ceil(size / blockBytes) * blockBytes
  }
  return files
}
const blockBytes = 512

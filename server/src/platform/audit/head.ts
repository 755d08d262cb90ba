/** The last link as this machine knows it, outside the database: so that cutting off the chain's end shows. */
import { randomUUID } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'

export const headFile = 'audit.head'

const Link = z.object({ position: z.int(), hash: z.hex() })
const Head = Link.extend({
  /** A link that was once there and was not any more when the chain was to go on: never taken back. */
  lost: Link.extend({ foundAt: z.iso.datetime() }).nullable(),
})
export type Head = z.output<typeof Head>

/** Null when there is none. @throws Error when it cannot be read */
export const readHead = (dataDir: string): Head | null => {
  try {
    return Head.parse(JSON.parse(readFileSync(join(dataDir, headFile), 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

/**
 * Puts a head in its place, never one that lies before it: another process may have put a later one there meanwhile,
 * so that it is looked at again, without a pause, just before the new one gets the name.
 */
export const writeHead = async (dataDir: string, head: Head): Promise<void> => {
  const path = join(dataDir, headFile)
  const partial = `${path}.${randomUUID()}`
  for (;;) {
    const known = readHead(dataDir)
    const lost = known?.lost ?? head.lost
    if (known && known.position >= head.position && lost === known.lost) return rm(partial, { force: true })
    await writeFile(partial, JSON.stringify({ ...head, lost }), { mode: 0o600, flush: true })
    if (isDeepStrictEqual(readHead(dataDir), known)) return renameSync(partial, path)
  }
}

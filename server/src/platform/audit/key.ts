/** The key of the trail: in the data folder, or by setting where hosts do not share one. Never in the database. */
import { createHash, randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { OperatorError } from '../errors.ts'

/** Beside the database and the files; backups take both along. */
export const keyFile = 'audit.key'
const keyBytes = 32

interface KeyPlace {
  dataDir: string
  /** The setting `AUDIT_KEY`; null for the file. */
  secret: string | null
}

/** The key, made at the first start. Processes that start together on one folder agree on one. */
export const openAuditKey = async (place: KeyPlace): Promise<Buffer> => (await readAuditKey(place)) ?? makeKey(place)

/** The key; null when there is none yet. @throws OperatorError when the file is no key */
export const readAuditKey = async ({ dataDir, secret }: KeyPlace): Promise<Buffer | null> => {
  if (secret !== null) return createHash('sha256').update(secret).digest()
  const path = join(dataDir, keyFile)
  // Another process may have made the file and not yet written it.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const found = await readFile(path).catch((error) => (error.code === 'ENOENT' ? null : Promise.reject(error)))
    if (found === null || found.length === keyBytes) return found
    await setTimeout(50)
  }
  throw new OperatorError(`${path} is no key of ${keyBytes} bytes. Put it back from a backup.`)
}

const makeKey = async (place: KeyPlace): Promise<Buffer> => {
  const key = randomBytes(keyBytes)
  const made = await open(join(place.dataDir, keyFile), 'wx', 0o600).catch((error) =>
    error.code === 'EEXIST' ? null : Promise.reject(error),
  )
  if (!made) return openAuditKey(place)
  try {
    await made.writeFile(key)
    await made.sync()
  } finally {
    await made.close()
  }
  return key
}

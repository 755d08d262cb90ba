/** The server's own key: it is in the data folder or in the settings, never in the database, which alone gives nothing away. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '#platform/errors.ts'
import { syncFolder } from '#platform/storage/sync-folder.ts'

export interface SecretKey {
  /** AES-256-GCM. @param owner what it belongs to: sealed for one it does not open for another */
  seal(secret: Buffer, owner: string): Buffer
  /** @throws when it was sealed with another key or for another owner, or was changed */
  unseal(sealed: Buffer, owner: string): Buffer
  /** A hash that who lacks the key cannot try guesses on: for what is too short to be hashed plainly. */
  digest(text: string): string
}

const keyBytes = 32
const ivBytes = 12
const tagBytes = 16

/**
 * The key of the settings, else of the file, which is made when there is none; of processes that start together on one
 * folder all take the same.
 * @param setting 32 bytes in base64, or null
 * @throws OperatorError when the file holds something else
 */
export const openSecretKey = async (dataDir: string, setting: string | null): Promise<SecretKey> =>
  createSecretKey(setting === null ? await readOrMake(dataDir) : Buffer.from(setting, 'base64'))

const readOrMake = async (dataDir: string): Promise<Buffer> => {
  const file = join(dataDir, 'secrets.key')
  const text = (await readIfThere(file)) ?? (await make(dataDir, file))
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length === keyBytes) return key
  throw new OperatorError(
    `${file} holds no key of ${keyBytes} bytes. Put the right one back, from a copy of the folder.`,
  )
}

const readIfThere = (file: string): Promise<string | null> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })

/** A link is made whole or not at all, and only when the name is free. */
const make = async (dataDir: string, file: string): Promise<string> => {
  const draft = join(dataDir, `secrets.key.${randomUUID()}`)
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(`${randomBytes(keyBytes).toString('base64')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(draft)
  await syncFolder(dataDir)
  return readFile(file, 'utf8')
}

const createSecretKey = (root: Buffer): SecretKey => {
  // One key for each use, so that none weakens the other.
  const derive = (use: string): Buffer => Buffer.from(hkdfSync('sha256', root, '', `lyceum ${use}`, keyBytes))
  const sealing = derive('seal')
  const digesting = derive('digest')
  return {
    seal: (secret, owner) => {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', sealing, iv).setAAD(Buffer.from(owner))
      const body = Buffer.concat([cipher.update(secret), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body])
    },
    unseal: (sealed, owner) => {
      const iv = sealed.subarray(0, ivBytes)
      const tag = sealed.subarray(ivBytes, ivBytes + tagBytes)
      const decipher = createDecipheriv('aes-256-gcm', sealing, iv, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(owner)).setAuthTag(tag)
      return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
    },
    digest: (text) => createHmac('sha256', digesting).update(text).digest('base64url'),
  }
}

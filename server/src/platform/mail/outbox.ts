/** Mail where no server for it is set: a file for each message, which any mail program opens. */
import { randomUUID } from 'node:crypto'
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { syncFolder } from '../storage/sync-folder.ts'
import type { Logger } from '../telemetry/log.ts'
import type { Send } from './index.ts'
import { mailOptionsOf } from './mail-options.ts'

export const openOutbox = async ({ dir, from, log }: { dir: string; from: string; log: Logger }): Promise<Send> => {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return async (message) => {
    const { message: source } = await composer.sendMail(mailOptionsOf(message, from))
    const file = join(dir, `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}.eml`)
    // Whoever looks into the folder finds whole messages alone.
    const arriving = `${file}.part`
    const handle = await open(arriving, 'wx', 0o600)
    try {
      await handle.writeFile(source)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(arriving, file)
    await syncFolder(dir)
    log.info({ file }, `mail was written to ${file}`)
  }
}

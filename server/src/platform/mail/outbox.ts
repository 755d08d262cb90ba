/** Mail where no server for it is set: a file for each message, which any mail program opens. */
import { randomUUID } from 'node:crypto'
import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../storage/sync-folder.ts'
import type { Logger } from '../telemetry/log.ts'
import type { Send } from './index.ts'
import { composeMessage } from './message.ts'

export const openOutbox = async ({ dir, from, log }: { dir: string; from: string; log: Logger }): Promise<Send> => {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  return async (message) => {
    const date = new Date()
    const id = randomUUID()
    const file = join(dir, `${date.toISOString().replaceAll(':', '-')}-${id.slice(0, 8)}.eml`)
    // Whoever looks into the folder finds whole messages alone.
    const arriving = `${file}.part`
    const handle = await open(arriving, 'wx', 0o600)
    try {
      await handle.writeFile(composeMessage({ ...message, from, date, id }))
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(arriving, file)
    await syncFolder(dir)
    log.info({ file }, `mail was written to ${file}`)
  }
}

/** The mail that an app has written, as the person at an address reads it. */
import { once } from 'node:events'
import { watch } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestApp } from './app.ts'

export interface Letter {
  headers: string
  text: string
  html: string
}

/** Resolves when so many messages to the address are there, oldest first. */
export const mailTo = async ({ config }: Pick<TestApp, 'config'>, email: string, count = 1): Promise<Letter[]> => {
  const dir = join(config.dataDir, 'outbox')
  const watcher = watch(dir)
  try {
    for (;;) {
      const changed = once(watcher, 'change')
      const found = await lettersTo(dir, email)
      if (found.length >= count) return found
      await changed
    }
  } finally {
    watcher.close()
  }
}

/** What is there now. */
export const lettersTo = async (dir: string, email: string): Promise<Letter[]> => {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.eml')).sort()
  const sources = await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8')))
  return sources.filter((source) => source.includes(`\r\nTo: ${email}\r\n`)).map(read)
}

const read = (source: string): Letter => {
  const end = source.indexOf('\r\n\r\n')
  const part = (type: string): string => {
    const [whole = ''] = source.slice(source.indexOf(`Content-Type: ${type}`)).split(/\r\n--+_NmP/)
    const [head = '', ...lines] = whole.split('\r\n\r\n')
    const text = lines.join('\n\n')
    return /Transfer-Encoding: base64/i.test(head) ? Buffer.from(text, 'base64').toString() : text
  }
  return { headers: source.slice(0, end), text: part('text/plain'), html: part('text/html') }
}

/** The code in the newest message to an address. */
export const codeTo = async (test: Pick<TestApp, 'config'>, email: string, count = 1): Promise<string> => {
  const letters = await mailTo(test, email, count)
  const code = /\b\d{6}\b/.exec(letters.at(-1)?.text ?? '')?.[0]
  if (!code) throw new Error('The newest message has no code')
  return code
}

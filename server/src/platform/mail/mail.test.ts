import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { after, describe, it } from 'node:test'
import pino from 'pino'
import { OperatorError } from '../errors.ts'
import { openMailer } from './index.ts'
import { asHtml, asText, type Letter } from './layout.ts'
import { composeMessage } from './message.ts'

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

const openOwn = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lyceum-mail-'))
  folders.push(folder)
  const lines: Record<string, unknown>[] = []
  const sink = new Writable({
    write: (line, _encoding, done) => {
      lines.push(JSON.parse(String(line)))
      done()
    },
  })
  const dir = join(folder, 'outbox')
  const mailer = await openMailer({ kind: 'outbox', dir, from: 'Lyceum <lyceum@example.org>' }, pino({}, sink))
  return { mailer, dir, lines }
}
const message = { to: 'ada@example.org', subject: 'Hello', text: 'Plain', html: '<p>Rich</p>' }

describe('mail without a server for it', () => {
  it('is a file for each message, readable by its owner alone, and a log line names it', async () => {
    const { mailer, dir, lines } = await openOwn()
    for (let count = 0; count < 3; count += 1) mailer.post(async () => message)
    await mailer.close()
    const names = await readdir(dir)
    assert.equal(names.length, 3)
    assert.ok(names.every((name) => name.endsWith('.eml')))
    for (const name of names) assert.equal((await stat(join(dir, name))).mode & 0o777, 0o600)
    assert.deepEqual(lines.map(({ file }) => file).sort(), names.map((name) => join(dir, name)).sort())
    for (const { msg, file } of lines) assert.ok(String(msg).includes(String(file)))
    assert.ok(!JSON.stringify(lines).includes(message.to))
    assert.match(
      await readFile(join(dir, names[0] ?? ''), 'utf8'),
      /^From: Lyceum <lyceum@example\.org>\r\nTo: ada@example\.org\r\n/,
    )
  })

  it('that nobody should have, or that cannot be made, harms nothing', async () => {
    const { mailer, dir, lines } = await openOwn()
    mailer.post(async () => null)
    mailer.post(async () => {
      throw new Error('no database')
    })
    mailer.post(async () => message)
    await mailer.close()
    assert.equal((await readdir(dir)).length, 1)
    assert.equal(lines.filter(({ level }) => level === 50).length, 1)
  })

  it('is refused by name where a server is set that this build cannot use', async () => {
    const smtp = { kind: 'smtp', url: 'smtp://mail.example.org', from: 'a@example.org' } as const
    await assert.rejects(openMailer(smtp, pino({ level: 'silent' })), (error) => {
      assert.ok(error instanceof OperatorError)
      assert.match(error.message, /SMTP_URL/)
      return true
    })
  })
})

describe('a message', () => {
  const compose = (change: object) =>
    composeMessage({ ...message, from: 'Lyceum <l@example.org>', date: new Date(0), id: 'id', ...change })

  it('has no header but ours, whatever its values hold', () => {
    const source = compose({ to: 'a@b.co\r\nBcc: c@d.co', subject: 'x\r\nBcc: c@d.co', from: 'L\r\nBcc: c <l@e.co>' })
    const [head = ''] = source.split('\r\n\r\n')
    assert.doesNotMatch(head, /^bcc:/im)
    assert.match(head, /^Date: Thu, 01 Jan 1970 00:00:00 \+0000$/m)
  })

  it('says a subject in any script, in lines that every server takes', () => {
    const subject = 'رمزك لتعيين كلمة مرور جديدة في المدرسة الثانوية، Schlüssel und Grüße 🐟'
    const source = compose({ subject, text: 'ü'.repeat(5000) })
    for (const line of source.split('\r\n')) assert.ok(line.length <= 78, line)
    const words = [...(/^Subject: ((?:.*\r\n )*.*)\r\n/m.exec(source)?.[1] ?? '').matchAll(/=\?utf-8\?B\?([^?]*)\?=/g)]
    assert.ok(words.length > 1)
    assert.equal(words.map(([, word = '']) => Buffer.from(word, 'base64').toString()).join(''), subject)
  })

  it('says the same in plain text and in HTML, with the code above the last line', () => {
    const letter: Letter = { language: 'ar', direction: 'rtl', lines: ['One & <b>', 'Two', 'Last'], code: '012345' }
    assert.equal(asText(letter), 'One & <b>\n\nTwo\n\n012345\n\nLast\n')
    const html = asHtml(letter)
    assert.match(html, /<html lang="ar" dir="rtl">/)
    assert.match(html, /<p>One &amp; &lt;b&gt;<\/p>\n<p>Two<\/p>\n<p [^>]*dir="ltr">012345<\/p>\n<p>Last<\/p>/)
  })
})

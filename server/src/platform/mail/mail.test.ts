import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import pino from 'pino'
import { SMTPServer } from 'smtp-server'
import { openMailer } from './index.ts'
import { asHtml, asText, type Letter } from './layout.ts'

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
      /^From: Lyceum <lyceum@example\.org>\r\nTo: ada@example\.org\r$/m,
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
})

/** A server for mail on loopback; keeps what it is given. */
const openReceiver = async () => {
  const received: { to: string[]; source: string; user: string | undefined }[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(null, { user: username }) : done(new Error('Wrong password')),
    onData: (stream, { envelope, user }, done) => {
      text(stream).then((source) => {
        received.push({ to: envelope.rcptTo.map(({ address }) => address), source, user })
        done()
      }, done)
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { received, at: `127.0.0.1:${port}`, close: () => new Promise<void>((resolve) => server.close(resolve)) }
}

describe('mail by a server', () => {
  it('arrives with sender, addressee and text', async () => {
    const receiver = await openReceiver()
    const choice = { kind: 'smtp', url: `smtp://ada:right@${receiver.at}`, from: 'Lyceum <l@example.org>' } as const
    const mailer = await openMailer(choice, pino({ level: 'silent' }))
    mailer.post(async () => message)
    await mailer.close()
    await receiver.close()
    const [{ to, source, user } = { to: [], source: '', user: '' }] = receiver.received
    assert.deepEqual([receiver.received.length, to, user], [1, ['ada@example.org'], 'ada'])
    assert.match(source, /^From: Lyceum <l@example\.org>\r$/m)
    assert.match(source, /^Plain\r$/m)
  })

  it('that refuses it or is not there: the log says so without the password, and nothing else breaks', async () => {
    const receiver = await openReceiver()
    const lines: string[] = []
    const log = pino({}, { write: (line) => void lines.push(line) })
    const urls = [`smtp://ada:wrong-secret@${receiver.at}`, 'smtp://ada:wrong-secret@127.0.0.1:9']
    for (const url of urls) {
      const mailer = await openMailer({ kind: 'smtp', url, from: 'l@example.org' }, log)
      mailer.post(async () => message)
      await mailer.close()
    }
    await receiver.close()
    assert.deepEqual(receiver.received, [])
    assert.equal(lines.filter((line) => line.includes('mail could not be sent')).length, 2)
    assert.ok(!lines.join().includes('wrong-secret'))
  })
})

describe('a message', () => {
  it('has no header but ours, whatever its values hold', async () => {
    const { mailer, dir } = await openOwn()
    mailer.post(async () => ({ ...message, to: 'a@b.co\r\nBcc: c@d.co', subject: 'x\r\nBcc: c@d.co' }))
    await mailer.close()
    const [name = ''] = await readdir(dir)
    const [head = ''] = (await readFile(join(dir, name), 'utf8')).split('\r\n\r\n')
    assert.doesNotMatch(head, /^bcc:/im)
    assert.match(head, /^Auto-Submitted: auto-generated$/m)
  })

  it('says the same in plain text and in HTML, with the code above the last line', () => {
    const letter: Letter = { language: 'ar', direction: 'rtl', lines: ['One & <b>', 'Two', 'Last'], code: '012345' }
    assert.equal(asText(letter), 'One & <b>\n\nTwo\n\n012345\n\nLast\n')
    const html = asHtml(letter)
    assert.match(html, /<html lang="ar" dir="rtl">/)
    assert.match(html, /<p>One &amp; &lt;b&gt;<\/p>\n<p>Two<\/p>\n<p [^>]*dir="ltr">012345<\/p>\n<p>Last<\/p>/)
  })
})

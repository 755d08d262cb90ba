import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UnreadableFile } from '../failure.ts'
import { withFile } from '../testing/read.ts'
import { type MadeEntry, makeZip } from '../testing/zip.ts'
import { openArchive } from './archive.ts'

const failureOf = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    await act()
    return 'ok'
  } catch (error) {
    return error instanceof UnreadableFile ? error.failure : String(error)
  }
}

/** Opens an archive and reads all of it; says how that ended. */
const tryBytes = (bytes: Buffer): Promise<string> =>
  withFile('a.zip', bytes, (path) =>
    failureOf(async () => {
      const archive = await openArchive(path)
      try {
        for (const name of archive.names) await archive.read(name)
      } finally {
        await archive.close()
      }
    }),
  )

const tryEntries = (entries: MadeEntry[]): Promise<string> => tryBytes(makeZip(entries))

test('reads stored and deflated entries', () =>
  withFile(
    'a.zip',
    makeZip([
      { name: 'a', data: 'one', isStored: true },
      { name: 'b/ü', data: 'two' },
    ]),
    async (path) => {
      const archive = await openArchive(path)
      assert.deepEqual(archive.names, ['a', 'b/ü'])
      assert.equal(String(await archive.read('a')), 'one')
      assert.equal(String(await archive.read('b/ü')), 'two')
      assert.equal(await archive.read('c'), undefined)
      await archive.close()
    },
  ))

test('a bomb is refused by its directory, and the message says how large it is', async () => {
  const bomb = makeZip([{ name: 'word/document.xml', data: Buffer.alloc(300_000_000, 'a') }])
  assert.ok(bomb.length < 700_000)
  await withFile('bomb.docx', bomb, (path) =>
    assert.rejects(openArchive(path), {
      failure: 'document_too_complex',
      message: 'Unpacks to 300 MB; the limit is 200 MB. Nothing was read.',
    }),
  )
})

test('limits on ratio, number and place of entries', async () => {
  assert.equal(await tryEntries([{ name: 'a', data: Buffer.alloc(5_000_000) }]), 'document_too_complex')
  assert.equal(await tryEntries([{ name: 'a', data: Buffer.alloc(100_000) }]), 'ok', 'small repetitive parts are usual')
  const many = Array.from({ length: 10_001 }, (_, at) => ({ name: String(at), data: '', isStored: true }))
  assert.equal(await tryEntries(many.slice(1)), 'ok')
  assert.equal(await tryEntries(many), 'document_too_complex')
  const overlapping = [
    { name: 'a', data: 'kernel' },
    { name: 'b', data: 'kernel', sharesWith: 0 },
  ]
  assert.equal(await tryEntries(overlapping), 'document_too_complex')
})

test('100,000 entries are refused although the end record can claim 65,535 at most', async () => {
  const many = Array.from({ length: 100_000 }, (_, at) => ({ name: String(at), data: '', isStored: true }))
  assert.equal(await tryEntries(many), 'document_too_complex')
})

test('an entry count that lies is not believed', async () => {
  const bytes = makeZip(Array.from({ length: 10_001 }, (_, at) => ({ name: String(at), data: '', isStored: true })))
  bytes.writeUInt16LE(1, bytes.length - 12)
  assert.equal(await tryBytes(bytes), 'document_too_complex')
})

test('sizes that lie: inflating stops at what was promised', async () => {
  assert.equal(
    await tryEntries([{ name: 'a', data: Buffer.alloc(50_000_000), claimedSize: 1000 }]),
    'document_too_complex',
  )
})

test('an entry that is read again and again counts each time', async () => {
  const noise = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => (at * at * 31) % 251))
  await withFile('a.zip', makeZip([{ name: 'a', data: noise, isStored: true }]), async (path) => {
    const archive = await openArchive(path)
    const again = async (): Promise<void> => {
      for (let at = 0; at < 201; at += 1) await archive.read('a')
    }
    assert.equal(await failureOf(again), 'document_too_complex')
    await archive.close()
  })
})

test('encrypted, torn and unreadable archives', async () => {
  assert.equal(await tryEntries([{ name: 'a', data: 'secret', isEncrypted: true }]), 'document_encrypted')
  const whole = makeZip([{ name: 'a', data: 'one'.repeat(1000) }])
  assert.equal(await tryBytes(whole.subarray(0, whole.length - 30)), 'document_corrupt')
  assert.equal(await tryBytes(Buffer.concat([whole.subarray(0, 20), whole.subarray(40)])), 'document_corrupt')
  const garbled = Buffer.from(whole)
  garbled.fill(0xff, 31, 36)
  assert.equal(await tryBytes(garbled), 'document_corrupt')
})

test('no cut and no changed byte makes the reader do anything but refuse', async () => {
  const whole = makeZip([
    { name: 'a', data: 'one' },
    { name: 'b', data: 'two', isStored: true },
  ])
  const known = /^(ok|document_\w+)$/
  for (let at = 0; at < whole.length; at += 1) {
    const changed = Buffer.from(whole)
    changed[at] = (changed[at] ?? 0) ^ 0xff
    assert.match(await tryBytes(changed), known, `byte ${at}`)
    assert.match(await tryBytes(whole.subarray(0, at)), known, `cut at ${at}`)
  }
})

test('names that climb out are data', async () => {
  assert.equal(
    await tryEntries([
      { name: '../../etc/passwd', data: 'x' },
      { name: '/abs', data: 'y' },
    ]),
    'ok',
  )
})

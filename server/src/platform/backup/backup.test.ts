/** An installation copied out and in again, as its people find it. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, describe, type TestContext, test } from 'node:test'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { newPerson, type Person, request, testPassword } from '#testing/people.ts'
import { keyFile, readAuditKey, verifyChain } from '../audit/index.ts'
import { listMigrations } from '../db/migrate.ts'
import { writeArchive } from './archive.ts'
import { ArchiveError, type BackupNeeds, restoreBackup, writeBackup } from './index.ts'

const text = '# Tides\n\nThe moon pulls the sea. Spring tides come at new moon and at full moon.\n'
const question = 'When do spring tides come?'

const needsOf = ({ database, platform, config }: FreshApp): BackupNeeds => ({
  driver: database.driver,
  storage: platform.storage,
  dataDir: config.dataDir,
})
const peopleIn = async ({ admin }: FreshApp): Promise<number> => {
  const [found] = await admin.exec('select count(*)::int from users')
  return Number(found?.rows[0]?.[0])
}

describe('a backup', { timeout: 120_000 }, () => {
  let dir: string
  let path: string
  let source: FreshApp
  let person: Person
  let documentId: string
  let answer: string

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lyceum-backup-'))
    path = join(dir, 'backup.tar.gz')
    source = await openFreshApp()
    person = await newPerson(source)
    documentId = (await person.read('tides.md', text)).body.id
    answer = (await person.call('POST', '/chat', { message: question })).body.text
    assert.match(answer, /new moon/)
    await writeBackup(needsOf(source), path, new Date())
  })
  after(async () => {
    await source.close()
    await rm(dir, { recursive: true, force: true })
  })

  const openEmpty = async (t: TestContext): Promise<FreshApp> => {
    const place = await openFreshApp()
    t.after(() => place.close())
    return place
  }

  test('brings people, documents, files, search and conversations back', async (t) => {
    const place = await openEmpty(t)
    const { files } = await restoreBackup(needsOf(place), path)
    assert.equal(files, 1)
    const login = { email: person.email, password: testPassword }
    const { body: session } = await request(place, { method: 'POST', path: '/auth/login', body: login })
    const headers = { authorization: `Bearer ${session.accessToken}` }
    const get = (path: string) => request(place, { method: 'GET', path, headers })

    assert.equal((await get(`/documents/${documentId}/file`)).body, text)
    assert.equal((await get(`/documents/${documentId}`)).body.status, 'ready')
    const [conversation] = (await get('/chat/conversations')).body.items
    const { items } = (await get(`/chat/conversations/${conversation.id}/messages`)).body
    assert.equal(items.at(-1).content, answer)
    const asked = { method: 'POST', path: '/chat', headers, body: { message: question } } as const
    assert.equal((await request(place, asked)).body.text, answer)
    // New rows take their place behind those that came in.
    const added = await place.admin.exec(
      `select (select last_value from lexical_segments_id_seq) >= max(id) from lexical_segments`,
    )
    assert.equal(added[0]?.rows[0]?.[0], true)
  })

  test('brings the audit trail back with its key and its head, so that it can be verified', async (t) => {
    const place = await openEmpty(t)
    await source.platform.audit.sweep()
    const later = join(dir, 'later.tar.gz')
    await writeBackup(needsOf(source), later, new Date())
    await place.platform.audit.stop()
    await restoreBackup(needsOf(place), later)
    const { dataDir } = place.config
    const key = await readAuditKey({ dataDir, secret: null })
    assert.ok(key)
    const { db, clock } = place.platform
    const verdict = await verifyChain({ db, clock, key, dataDir })
    assert.deepEqual([verdict.faults, verdict.hasHead], [[], true])
    assert.ok(verdict.links > 0)
    assert.equal((await stat(join(dataDir, keyFile))).mode & 0o777, 0o600)
    await rm(later)
  })

  test('leaves nothing beside itself, and only its owner may read it', async () => {
    assert.deepEqual(await readdir(dir), ['backup.tar.gz'])
    assert.equal((await stat(path)).mode & 0o777, 0o600)
  })

  test('does not go where people are already', async () => {
    await assert.rejects(restoreBackup(needsOf(source), path), /There are accounts here already/)
    assert.equal((await person.call('GET', `/documents/${documentId}`)).status, 200)
  })

  test('that is cut off or changed is refused, and nothing comes in', async (t) => {
    const place = await openEmpty(t)
    const whole = await readFile(path)
    const broken = join(dir, 'broken.tar.gz')
    const cuts = [0, 10, 0.3, 0.7, 0.99].map((at) => whole.subarray(0, at < 1 ? Math.floor(whole.length * at) : at))
    const flipped = Buffer.from(whole)
    const middle = Math.floor(whole.length / 2)
    flipped[middle] = (flipped[middle] ?? 0) ^ 0x10
    for (const bytes of [...cuts, flipped, Buffer.from('no archive at all')]) {
      await writeFile(broken, bytes)
      await assert.rejects(restoreBackup(needsOf(place), broken), ArchiveError)
      assert.equal(await peopleIn(place), 0)
    }
    await rm(broken)
    await restoreBackup(needsOf(place), path)
    assert.equal(await peopleIn(place), 1)
  })

  const manifest = async (more: string[] = []): Promise<string> =>
    JSON.stringify({ format: 1, migrations: [...(await listMigrations()), ...more], createdAt: '2026-01-01T00:00:00Z' })
  const forge = async (fill: Parameters<typeof writeArchive>[1]): Promise<string> => {
    const forged = join(dir, 'forged.tar.gz')
    await writeArchive(forged, fill)
    return forged
  }

  test('of a newer version is refused by name', async (t) => {
    const place = await openEmpty(t)
    const forged = await forge(async ({ add }) => add('manifest.json', await manifest(['9999_later'])))
    await assert.rejects(restoreBackup(needsOf(place), forged), /newer Lyceum \(9999_later\)/)
  })

  test('writes no file outside the folder of files, and no table that is not there', async (t) => {
    const place = await openEmpty(t)
    const outside = join(dir, 'outside.txt')
    for (const name of [`files/../../../../../../../../../../..${outside}`, `files/${outside}`, 'files/..']) {
      const forged = await forge(async ({ add, addStream }) => {
        await add('manifest.json', await manifest())
        await addStream(name, 2, Readable.from(['hi']))
      })
      await restoreBackup(needsOf(place), forged).catch(() => undefined)
      assert.equal(existsSync(outside), false)
    }
    const forged = await forge(async ({ add }) => {
      await add('manifest.json', await manifest())
      await add('tables/00000001-schema_migrations.json', '[{"name":"x"}]')
    })
    await assert.rejects(restoreBackup(needsOf(place), forged), /no table schema_migrations/)
    await rm(forged)
  })

  test('that fails half-way leaves what was there', async (t) => {
    const place = await openEmpty(t)
    const forged = await forge(async ({ add }) => {
      await add('manifest.json', await manifest())
      await add('tables/00000001-institutions.json', '[{"id":"0190b3b0-0000-7000-8000-000000000002","name":"Half"}]')
      await add('tables/00000002-users.json', '[{"id":"no id"}]')
    })
    await assert.rejects(restoreBackup(needsOf(place), forged))
    const [found] = await place.admin.exec('select name from institutions')
    assert.deepEqual(found?.rows, [['Lyceum']])
    await rm(forged)
  })
})

/** A server may die between any two steps of an upload: nothing that was promised is lost, nothing half made stays. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { access, mkdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openTestApp, type TestApp } from '#testing/app.ts'
import { openTestDatabase, type TestDatabase } from '#testing/database.ts'
import { newPerson, type Person } from '#testing/people.ts'
import { sweepFiles } from './sweep.ts'

const page = 'The harbour of Emden was built in 1847. It is closed at night.\n'

let database: TestDatabase
let test: TestApp
let ada: Person

before(async () => {
  database = await openTestDatabase(`lyceum_crash_${randomUUID().replaceAll('-', '')}`)
  test = await another()
  ada = await newPerson(test)
})
after(async () => {
  await test.close()
  await database.drop()
})

/** A start on the same data. */
const another = (): Promise<TestApp> => openTestApp({ database })

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Puts a file where uploads are kept, as old as a number of minutes. */
const place = async (name: string, ageMinutes: number): Promise<string> => {
  const path = join(test.config.files.dir, ada.institutionId, 'ab', name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, page)
  const then = new Date(Date.now() - ageMinutes * 60_000)
  await utimes(path, then, then)
  return path
}

/** The files of this app under an institution's sweep. */
const sweep = (): Promise<number> =>
  sweepFiles(
    { ...test.platform, parsing: test.config.parsing, quotaBytes: 0, isOwnConversation: async () => false },
    ada.institutionId,
  )

describe('a crash', () => {
  it('after the file was kept and before its row: the sweep removes it, once it is old', async () => {
    const { body: document } = await ada.read('known.txt', page)
    const [found] = await test.admin.exec(
      `select f.storage_key from files f join document_versions v on v.file_id = f.id where v.document_id = '${document.id}'`,
    )
    const known = join(test.config.files.dir, String(found?.rows[0]?.[0]))
    const long = new Date(Date.now() - 3_600_000)
    await utimes(known, long, long)
    const [old, young] = [await place('old', 11), await place('young', 9)]
    assert.equal(await sweep(), 1)
    assert.deepEqual([await exists(old), await exists(young), await exists(known)], [false, true, true])
    assert.equal((await ada.call('GET', `/documents/${document.id}`)).body.status, 'ready')
  })

  it('after the rows and before the wake-up: the next start finds the job', async () => {
    const { jobId, documentId } = await waitingJob()
    await finishedByNextStart(jobId)
    assert.equal((await ada.call('GET', `/documents/${documentId}`)).body.status, 'ready')
  })

  it('while it is read: the next start takes the job up, and begins the reading anew', async () => {
    const { jobId, documentId } = await waitingJob()
    await test.admin.exec(
      `update jobs set state = 'running', attempts = 1, lease_holder = 'dead', lease_until = now() - interval '1 minute' where id = '${jobId}';
       update documents set status = 'parsing' where id = '${documentId}';
       insert into readings (id, institution_id, file_id, parser, page_count, created_at)
         select '${randomUUID()}', institution_id, file_id, 'lyceum-1', 0, now() from document_versions where document_id = '${documentId}'`,
    )
    await finishedByNextStart(jobId)
    const { body } = await ada.call('GET', `/documents/${documentId}`)
    assert.deepEqual([body.status, body.pageCount], ['ready', 1])
    assert.equal((await ada.call('GET', `/documents/${documentId}/pages/1`)).body.text.trim(), page.trim())
  })
})

/** A document that was read, set back to where its job has just been written down. */
const waitingJob = async (): Promise<{ jobId: string; documentId: string }> => {
  const { body } = await ada.read(`${randomUUID()}.txt`, page, {
    conversationId: await newConversation(),
  })
  const [documentId, jobId] = [body.id, body.jobId]
  await test.admin.exec(
    `update document_versions set reading_id = null where document_id = '${documentId}';
     update documents set status = 'stored', chunk_count = 0, page_count = 0 where id = '${documentId}';
     delete from chunks where document_id = '${documentId}';
     update jobs set state = 'queued', attempts = 0, ended_at = null, due_at = now() - interval '1 second' where id = '${jobId}'`,
  )
  return { jobId, documentId }
}

/** So that the same bytes are a document of their own. */
const newConversation = async (): Promise<string> =>
  (await ada.call('POST', '/chat', { message: 'A conversation for files' })).body.conversationId

const finishedByNextStart = async (jobId: string): Promise<void> => {
  const done = Promise.withResolvers<void>()
  // Each app has a bus of its own, and the one queue gives the work to either.
  const next = await openTestApp({
    database,
    env: { DATA_DIR: test.config.dataDir },
  })
  const look = async (): Promise<void> => {
    const { body } = await ada.call('GET', `/jobs/${jobId}`)
    if (body.state === 'done') done.resolve()
    if (body.state === 'failed') done.reject(new Error(`the job failed: ${body.failure.code}`))
  }
  for (const { platform } of [test, next]) platform.bus.subscribe('job.changed', () => void look())
  await look()
  await done.promise
  await next.close()
}

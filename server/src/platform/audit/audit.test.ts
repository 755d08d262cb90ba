/** What calls leave in the trail, who may read it, and what is never in it. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { uuidv7 } from 'uuidv7'
import { scopeOf, systemActor } from '#platform/actor.ts'
import { openDatabase } from '#platform/db/index.ts'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { newInstitution, newPerson, type Person, request } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'
import { createAudit, openAuditKey } from './index.ts'
import { countingDriver, readEntries } from './testing/trail.ts'

let test: FreshApp
let institutionId: string
let admin: Person
let ada: Person
before(async () => {
  test = await openFreshApp()
  institutionId = await newInstitution(test)
  admin = await newPerson(test, { institutionId, role: 'admin' })
  ada = await newPerson(test, { institutionId })
})
after(() => test.close())

/** Entries of a person or of nobody, oldest first, once the refusals are written. */
const entriesOf = async (id: string | null) => {
  await setImmediate()
  await test.platform.audit.settle()
  return (await readEntries(test)).filter(({ person }) => person === id)
}
const list = async (query = '', person = admin) => (await person.call('GET', `/admin/audit${query}`)).body
const headers = { 'user-agent': 'Browser of Ada' }
const signIn = (email: string, password: string) =>
  request(test, { method: 'POST', path: '/auth/login', body: { email, password }, headers })

describe('a call', () => {
  it('leaves one entry with ids and numbers, and its request', async () => {
    const bob = await newPerson(test, { institutionId })
    const { body } = await bob.read('tides.md', 'The harbour of Emden was built in 1847.')
    await bob.call('POST', '/search', { query: 'harbour' })
    const asked = await bob.call('POST', '/chat', { message: 'When was the harbour of Emden built?' })
    const { conversationId, turnId } = asked.body
    await bob.call('DELETE', `/chat/conversations/${conversationId}`, undefined, { 'x-request-id': 'call-17' })
    await bob.call('GET', '/documents')
    const entries = await entriesOf(bob.id)
    assert.deepEqual(
      entries.map(({ action }) => action),
      [
        'session.opened',
        'document.uploaded',
        'material.searched',
        'tutor.asked',
        'tutor.answered',
        'conversation.deleted',
      ],
    )
    const [, uploaded, searched, question, answer, deleted] = entries.map(({ metadata }) => metadata)
    assert.equal(uploaded?.documentId, body.id)
    assert.deepEqual(searched, { documentIds: [body.id] })
    assert.deepEqual(question, { turnId, conversationId, mode: 'explain' })
    assert.deepEqual(answer, { turnId, outcome: 'complete', refused: false, documentIds: [body.id] })
    assert.deepEqual(deleted, { id: conversationId, status: 204 })
    assert.equal(entries.at(-1)?.requestId, 'call-17')
  })

  it('that failed leaves none of success', async () => {
    const bob = await newPerson(test, { institutionId })
    assert.equal((await bob.call('DELETE', `/documents/${uuidv7()}`)).status, 404)
    assert.deepEqual(
      (await entriesOf(bob.id)).map(({ action }) => action),
      ['session.opened'],
    )
  })

  it('that nobody may make leaves who tried, and what', async () => {
    assertProblem(await ada.call('GET', '/admin/audit'), 403, 'forbidden')
    const refused = (await entriesOf(ada.id)).at(-1)
    assert.deepEqual(
      [refused?.action, refused?.metadata],
      ['audit.refused', { route: 'listAudit', status: 403, code: 'forbidden' }],
    )
  })

  it('of a program says that it was one', async () => {
    const bob = await newPerson(test, { institutionId })
    const wish = { name: 'Notebook', scopes: ['documents:read'], expiresInDays: 1 }
    const { body } = await bob.call('POST', '/users/me/keys', wish)
    const headers = { authorization: `Bearer ${body.key}` }
    const { status } = await request(test, { method: 'POST', path: '/search', body: { query: 'harbour' }, headers })
    assert.equal(status, 200)
    assert.deepEqual((await entriesOf(bob.id)).at(-1)?.metadata, { documentIds: [], by: 'key' })
  })

  it('costs one statement, in one flight', async () => {
    const counting = countingDriver(test.database.driver)
    const { db: _, ...around } = test.platform
    const { dataDir } = test.config
    const audit = createAudit({
      ...around,
      db: openDatabase(counting.driver),
      key: await openAuditKey({ dataDir, secret: null }),
      dataDir,
    })
    const who = { ...systemActor({ institutionId, personId: ada.id }, 'r'), address: '127.0.0.1' }
    await audit.recordAlone(who, { action: 'thing.done' })
    const before = { ...counting.counts }
    await audit.recordAlone(who, { action: 'thing.done' })
    await test.platform.db.as(scopeOf(ada), (db) => audit.record(db, who, { action: 'thing.done' }))
    assert.deepEqual([counting.counts.batched - before.batched, counting.counts.queried - before.queried], [1, 0])
    await audit.stop()
  })
})

describe('a sign-in', () => {
  it('that failed stands with the account when there is one, and is told to the caller in the same words', async () => {
    const bob = await newPerson(test, { institutionId })
    const known = await signIn(bob.email, 'Wrong-1234')
    const unknown = await signIn('nobody@example.org', 'Wrong-1234')
    assert.deepEqual([known.status, known.body.detail], [unknown.status, unknown.body.detail])
    const expected = { route: 'login', status: 401, code: 'invalid_credentials' }
    const ofBob = (await entriesOf(bob.id)).at(-1)
    const ofNobody = (await entriesOf(null)).at(-1)
    assert.deepEqual([ofBob?.action, ofBob?.metadata], ['session.refused', expected])
    assert.deepEqual([ofNobody?.action, ofNobody?.metadata], ['session.refused', expected])
    assert.equal(ofBob?.institution, institutionId)
  })

  it('shows address and device to the admin, and to nobody who reads the table', async () => {
    await signIn(ada.email, 'Secret-123')
    const { items } = await list(`?action=session.opened&userId=${ada.id}`)
    assert.deepEqual(items[0].personal, { address: '127.0.0.1', device: 'Browser of Ada' })
    const [dump] = await test.admin.exec(
      `select string_agg(to_json(e)::text || coalesce(encode(sealed, 'escape'), ''), '') from audit_entries e`,
    )
    assert.doesNotMatch(String(dump?.rows[0]?.[0]), /127\.0\.0\.1|Browser/)
  })
})

describe('a flood of refusals', () => {
  it('of nobody is told once a minute', async () => {
    const before = (await entriesOf(null)).length
    for (let at = 0; at < 20; at += 1) await request(test, { method: 'POST', path: '/search', body: { query: 'x' } })
    assert.equal((await entriesOf(null)).length - before, 1)
  })
})

describe('the list', () => {
  it('has what was asked for, newest first, page by page', async () => {
    const bob = await newPerson(test, { institutionId })
    for (let at = 0; at < 5; at += 1) await bob.call('POST', '/search', { query: 'harbour' })
    const all = await list(`?userId=${bob.id}`)
    assert.deepEqual(
      all.items.map(({ action }: { action: string }) => action),
      [...Array(5).fill('material.searched'), 'session.opened'],
    )
    const [{ timestamp, metadata, ...first }] = all.items
    assert.deepEqual(Object.keys(first).sort(), ['action', 'id', 'personal', 'requestId', 'serviceName', 'userId'])
    assert.deepEqual([first.serviceName, first.userId, metadata], ['lyceum', bob.id, { documentIds: [] }])
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: { id: string }[]; nextCursor: string | null } = await list(
        `?userId=${bob.id}&limit=2${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    assert.deepEqual(
      seen,
      all.items.map(({ id }: { id: string }) => id),
    )
    const later = new Date(new Date(timestamp).getTime() + 1).toISOString()
    assert.deepEqual((await list(`?userId=${bob.id}&from=${later}`)).items, [])
    assert.equal((await list(`?userId=${bob.id}&to=${later}&action=session.opened`)).items.length, 1)
  })

  it('goes out as a file of lines and as a table', async () => {
    const lines = await admin.call('GET', `/admin/audit?format=jsonl&userId=${ada.id}`)
    assert.match(String(lines.headers['content-disposition']), /audit\.jsonl/)
    const items = String(lines.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(items, (await list(`?userId=${ada.id}&limit=200`)).items)
    const table = await admin.call('GET', `/admin/audit?format=csv&userId=${ada.id}`)
    const rows = String(table.body).trim().split('\r\n')
    assert.equal(rows[0], 'timestamp,serviceName,userId,action,metadata,requestId,id,personal')
    assert.equal(rows.length, items.length + 1)
    assert.match(rows[1] ?? '', /,"\{""/)
  })

  it('is itself in the trail, with whose entries were looked for', async () => {
    await list(`?userId=${ada.id}`)
    const read = (await entriesOf(admin.id)).at(-1)
    assert.deepEqual([read?.action, read?.metadata], ['audit.read', { userId: ada.id }])
  })

  it('of one institution shows nothing of another, not even who is asked for by id', async () => {
    const elsewhere = await newPerson(test, { role: 'admin' })
    const { items } = await list('', elsewhere)
    assert.deepEqual([...new Set(items.map(({ userId }: { userId: string }) => userId))], [elsewhere.id])
    assert.deepEqual((await list(`?userId=${ada.id}`, elsewhere)).items, [])
    const file = await elsewhere.call('GET', `/admin/audit?format=jsonl&userId=${ada.id}`)
    assert.equal(file.body, '')
    const check = (await elsewhere.call('GET', '/admin/audit/check')).body
    assert.equal(check.ok, true)
  })
})

describe('a person who is forgotten', () => {
  it('is named by no entry any more, and the chain holds', async () => {
    const bob = await newPerson(test, { institutionId })
    const personal = async () =>
      (await list(`?userId=${bob.id}`)).items.map((item: { personal: unknown }) => item.personal)
    assert.deepEqual(await personal(), [{ address: '127.0.0.1', device: 'lightMyRequest' }])
    await test.platform.db.as(scopeOf(bob), (db) => test.platform.audit.forgetPerson(db, bob))
    assert.deepEqual(await personal(), [null])
    // A key that is made afterwards opens nothing of before.
    await bob.call('POST', '/search', { query: 'harbour' })
    assert.deepEqual(await personal(), [{ address: '127.0.0.1' }, null])
    await test.platform.audit.sweep()
    assert.equal((await admin.call('GET', '/admin/audit/check')).body.ok, true)
  })
})

describe('a text', () => {
  it('is taken by no entry', async () => {
    const write = (metadata: Record<string, string>) =>
      test.platform.audit.recordAlone(systemActor({ institutionId, personId: ada.id }, 'r'), {
        action: 'x.y',
        metadata,
      })
    for (const text of ['ada@example.org', 'When was it?', 'tides.md', 'Ada', '127.0.0.1', '', 'x'.repeat(65)]) {
      await assert.rejects(write({ text }), /was given a text as text$/)
    }
  })

  it('of a question, a file, a name or an address is nowhere in the trail', async () => {
    const bob = await newPerson(test, { institutionId })
    const canary = 'zanderfisch'
    await bob.read(`${canary}.md`, `The ${canary} harbour of Emden was built in 1847.`)
    await bob.call('POST', '/search', { query: canary })
    const { body } = await bob.call('POST', '/chat', { message: `When was the ${canary} harbour built?` })
    await bob.call('DELETE', `/chat/conversations/${body.conversationId}`)
    await signIn(`${canary}@example.org`, 'Wrong-1234')
    await signIn(bob.email, canary)
    await bob.call('DELETE', `/documents/${canary}`)
    await bob.call('GET', `/admin/audit?action=${canary}`)
    await admin.call('GET', `/admin/audit?action=${canary}`)
    await request(test, {
      method: 'POST',
      path: '/auth/register',
      body: { email: `${canary}2@example.org`, password: 'Secret-123', name: canary },
    })
    const [dump] = await test.admin.exec(`select string_agg(to_json(e)::text, '') from audit_entries e`)
    const text = String(dump?.rows[0]?.[0])
    assert.match(text, /tutor\.asked/)
    assert.doesNotMatch(text, new RegExp(`${canary}|example\\.org`))
  })
})

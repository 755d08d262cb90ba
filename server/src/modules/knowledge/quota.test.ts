/** Room for what one person keeps: exact however many uploads come at once, and nothing is left of what did not fit. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { type FreshApp, openFreshApp } from '#testing/fresh-app.ts'
import { multipartOf, newPerson, type Person, type Reply, request } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'

const mebibyte = 2 ** 20
let test: FreshApp
before(async () => {
  test = await openFreshApp({ STORAGE_QUOTA_MB: '1' })
})
after(() => test.close())

let made = 0
/** Bytes that nobody has uploaded yet, exactly so many; of no type that takes time to read. */
const bytesOf = (length: number): Buffer => {
  made += 1
  const bytes = Buffer.alloc(length)
  bytes.write(String(made))
  return bytes
}
const kept = ({ institutionId }: Person): number => {
  const entries = readdirSync(`${test.config.files.dir}/${institutionId}`, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).length
}
const rowsOf = async ({ institutionId }: Person): Promise<number> =>
  (await test.admin.exec(`select 1 from files where institution_id = '${institutionId}'`))[0]?.rows.length ?? 0
const statusesOf = (replies: Reply[]): Record<string, number> =>
  Object.fromEntries(
    Map.groupBy(replies, ({ status }) => status)
      .entries()
      .map(([status, of]) => [status, of.length]),
  )

describe('what a person keeps', () => {
  it('fits its room to the byte', async () => {
    const ada = await newPerson(test)
    assert.equal((await ada.upload('a.bin', bytesOf(mebibyte - 100))).status, 202)
    const reply = await ada.upload('b.bin', bytesOf(101))
    assertProblem(reply, 413, 'quota_exceeded')
    assert.deepEqual([reply.body.usedBytes, reply.body.allowedBytes], [mebibyte - 100, mebibyte])
    assert.equal((await ada.upload('c.bin', bytesOf(100))).status, 202)
    assert.equal((await ada.upload('d.bin', bytesOf(1))).status, 413)
    assert.deepEqual([kept(ada), await rowsOf(ada)], [2, 2])
  })

  it('is exact under fifty uploads at once', async () => {
    const ada = await newPerson(test)
    const size = 100_000
    const replies = await Promise.all(Array.from({ length: 50 }, (_, at) => ada.upload(`${at}.bin`, bytesOf(size))))
    assert.deepEqual(statusesOf(replies), { 202: 10, 413: 40 })
    assert.deepEqual([kept(ada), await rowsOf(ada)], [10, 10])
  })

  it('counts for each person apart; bytes that another has are left to them', async () => {
    const ada = await newPerson(test)
    const ben = await newPerson(test, { institutionId: ada.institutionId })
    const shared = bytesOf(mebibyte / 2)
    assert.equal((await ada.upload('a.bin', shared)).status, 202)
    assert.equal((await ben.upload('b.bin', bytesOf(mebibyte / 2 + 1))).status, 202)
    assert.equal((await ben.upload('a.bin', shared)).status, 413)
    assert.deepEqual([kept(ada), await rowsOf(ada)], [2, 2])
    assert.equal((await ada.upload('c.bin', bytesOf(mebibyte / 2))).status, 202)
  })

  it('takes no more room when it comes again', async () => {
    const ada = await newPerson(test)
    const bytes = bytesOf(mebibyte)
    const { body } = await ada.upload('a.bin', bytes)
    const again = await ada.upload('a.bin', bytes)
    assert.deepEqual([again.status, again.body.document.id], [202, body.document.id])
  })

  it('is nothing when an upload breaks off before its end', async () => {
    const ada = await newPerson(test)
    await ada.upload('a.bin', bytesOf(10))
    const { payload, contentType } = multipartOf('b.bin', bytesOf(mebibyte - 10), {})
    const headers = { authorization: `Bearer ${ada.token}`, 'content-type': contentType }
    const broken = payload.subarray(0, Math.floor(payload.length * 0.99))
    assertProblem(await request(test, { method: 'POST', path: '/documents', payload: broken, headers }), 400)
    assert.deepEqual([kept(ada), await rowsOf(ada), readdirSync(`${test.config.files.dir}/arriving`)], [1, 1, []])
    assert.equal((await request(test, { method: 'POST', path: '/documents', payload, headers })).status, 202)
  })

  it('has its room back when it is deleted for good', async () => {
    const ada = await newPerson(test)
    const upload = (): Promise<Reply> => ada.upload('a.bin', bytesOf(mebibyte))
    const { body } = await upload()
    await ada.call('DELETE', `/documents/${body.document.id}`)
    assert.equal((await upload()).status, 413, 'it could be wanted back')
    const ben = await newPerson(test)
    const { body: second } = await ben.upload('a.bin', bytesOf(mebibyte))
    assert.equal((await ben.call('DELETE', `/documents/${second.document.id}?forever=true`)).status, 204)
    // A job takes it away; until then there is no room.
    let reply = await ben.upload('b.bin', bytesOf(mebibyte))
    while (reply.status === 413) reply = await ben.upload('b.bin', bytesOf(mebibyte))
    assert.equal(reply.status, 202)
  })
})

/** Texts that broke other programs, in every place that takes one; and names of files. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { before, describe, it } from 'node:test'
import { limits } from '@lyceum/contract/limits'
import { uuidv7 } from 'uuidv7'
import { type TestApp, testApp } from '#testing/app.ts'
import { newPerson, type Person, type Reply } from '#testing/people.ts'
import { assertProblem, assertRefused } from '#testing/problems.ts'
import { json, jsonRoutes, samples, sendRaw } from '#testing/raw.ts'
import { noSharedData, readShared, readSharedArchive } from '#testing/shared-data.ts'

let test: TestApp
let ada: Person
before(async () => {
  test = await testApp()
  await newPerson(test, { role: 'admin' })
  ada = await newPerson(test)
})

/** Taken, or refused with a reason; never a fault of ours. */
const assertHandled = (reply: Reply, what: string): void => {
  if (reply.status >= 400) assertRefused(reply)
  else assert.ok(reply.status >= 200, what)
}

/** Some at a time: enough to keep both processors busy, and short of the wait for a session of the database. */
const forEach = async <T>(all: T[], act: (each: T) => Promise<void>): Promise<void> => {
  const rest = all.values()
  const work = async (): Promise<void> => {
    for (const each of rest) await act(each)
  }
  await Promise.all(Array.from({ length: 8 }, work))
}

/** One text in so many is tried. */
const shares: Record<string, number> = { search: 1, ask: 3 }

describe('the big list of naughty strings', { skip: noSharedData }, () => {
  const strings = (): string[] => {
    const found = JSON.parse(readShared('conformance/blns.json').toString())
    assert.ok(found.length > 400)
    return found
  }
  for (const route of jsonRoutes) {
    const members = Object.keys(samples[route.id] ?? {})
    // All texts where people write; where they only sign in or change their account, which costs a hash on purpose, some.
    const places = route.id === 'login' ? [members] : members.map((member) => [member])
    for (const place of places) {
      const every = shares[route.id] ?? 10
      it(`is taken or refused as ${place.join(' and ')} of ${route.id}`, async () => {
        const chosen = strings().filter((_, at) => at % every === 0)
        await forEach(chosen, async (text) => {
          const unique = route.id === 'register' && { email: `${uuidv7()}@example.org` }
          const spoilt = Object.fromEntries(place.map((member) => [member, text]))
          const payload = JSON.stringify({ ...samples[route.id], ...unique, ...spoilt })
          assertHandled(await sendRaw({ test, person: ada }, route, { payload, headers: json }), text)
        })
      })
    }
  }

  it('is taken as the name of a file', async () => {
    await forEach(strings(), async (name) => assertHandled(await ada.upload(name, 'the same bytes'), name))
  })

  it('is taken or refused in an address', async () => {
    await forEach(strings(), async (text) => {
      const encoded = encodeURIComponent(text)
      assertRefused(await ada.call('GET', `/documents/-${encoded}`))
      assertRefused(await ada.call('GET', `/documents?limit=1&cursor=${encoded}`))
    })
  })
})

describe('the bodies of the JSON test suite', { skip: noSharedData }, () => {
  const expected: Record<string, number[]> = { y: [422], n: [400, 422], i: [400, 422] }
  it('are parsed or refused as the suite says, and never more', async () => {
    const files = readSharedArchive('conformance/json-test-parsing.tar.gz')
    assert.ok(files.size > 300)
    for (const [path, payload] of files) {
      const name = path.split('/').at(-1) ?? ''
      const reply = await sendRaw(
        { test, person: ada },
        { method: 'POST', path: '/search' },
        { payload, headers: json },
      )
      assertProblem(reply, reply.status)
      assert.ok(expected[name.charAt(0)]?.includes(reply.status), `${name}: ${reply.status}`)
      // Sound JSON of the wrong shape and unsound JSON are told apart; no body at all is of the wrong shape.
      if (name.startsWith('n_') && payload.length > 0) assert.equal(reply.body.code, 'body_unparsable', name)
    }
  })
})

describe('the name of a file', () => {
  const mark = uuidv7()
  const names: [string, given: string, label: RegExp][] = [
    ['4 kB', `${mark}${'x'.repeat(4096)}.txt`, /^.{251}\.txt$/],
    ['a path up', `../../../../tmp/${mark}.txt`, new RegExp(`^${mark}\\.txt$`)],
    ['a path up, encoded', `..%2f..%2f${mark}.txt`, new RegExp(`${mark}\\.txt$`)],
    ['an absolute path', `/tmp/${mark}.txt`, new RegExp(`^${mark}\\.txt$`)],
    ['a Windows path', `C:\\\\Windows\\\\${mark}.txt`, new RegExp(`${mark}\\.txt$`)],
    ['a share', `\\\\\\\\evil\\\\share\\\\${mark}.txt`, new RegExp(`${mark}\\.txt$`)],
    ['NUL', `${mark}.txt\0.exe`, new RegExp(`^${mark}`)],
    ['a line break', `${mark}\r\nx-evil: 1.txt`, new RegExp(`^${mark}`)],
    ['a device', 'CON', /^CON$/],
    ['a device with an ending', 'aux.txt', /^aux\.txt$/],
    ['right to left', `${mark}\u202etxt.exe`, new RegExp(`^${mark}txt\\.exe$`)],
    ['emoji', '🎓👩‍🏫.txt', /^🎓👩‍🏫\.txt$/u],
    ['Arabic', 'كتاب القراءة.pdf', /^كتاب القراءة\.pdf$/],
    ['decomposed letters', 'u\u0308bung.txt', /^übung\.txt$/],
    ['dots', '..', /^document$/],
    ['nothing', '', /^document$/],
    ['spaces', '   ', /^document$/],
    ['markup', `<img src=x onerror=alert(1)>.txt`, /onerror=alert\(1\)>\.txt$/],
    ['quotes', `it's (a) *star*.txt`, /^it's \(a\) \*star\*\.txt$/],
  ]
  for (const [what, given, label] of names) {
    it(`may be ${what}: a label, and no place`, async () => {
      const { status, body } = await ada.upload(given, `${mark} ${what}`)
      assert.equal(status, 202, JSON.stringify(body))
      const { fileName, title, id } = body.document
      assert.match(fileName, label)
      assert.ok(fileName.length <= limits.fileNameChars && title.length > 0)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      assert.doesNotMatch(fileName, /[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069\\/]/)
      const { headers } = await ada.call('GET', `/documents/${id}/file`)
      assert.match(String(headers['content-disposition']), /^attachment; filename\*=UTF-8''[\w.%!~-]+$/)
      assert.equal(headers['content-security-policy'], "sandbox; default-src 'none'")
      assert.equal(headers['x-content-type-options'], 'nosniff')
    })
  }

  it('is the name of nothing on the disk', async () => {
    const stored = await readdir(test.config.files.dir, { recursive: true, withFileTypes: true })
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
    const files = stored.filter((entry) => entry.isFile())
    assert.ok(files.length >= names.length)
    for (const { name } of files) assert.match(name, uuid)
    for (const place of ['/tmp', test.config.dataDir, `${test.config.dataDir}/..`, process.cwd()]) {
      assert.deepEqual(
        (await readdir(place)).filter((name) => name.includes(mark)),
        [],
      )
    }
  })
})

/** A parser that hangs, dies or eats memory while others work: its document fails with a reason, and all else goes on. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { docxEntries, makeZip } from '../server/src/modules/parsing/testing/zip.ts'
import { type TestApp, testApp } from '../server/src/testing/app.ts'
import { openFreshApp } from '../server/src/testing/fresh-app.ts'
import { newPerson, type Person } from '../server/src/testing/people.ts'

const noProc = existsSync('/proc/self/cmdline') ? false : 'no /proc to find the parser in'

let test: TestApp
let ada: Person
before(async () => {
  test = await testApp()
  ada = await newPerson(test)
})

const readProc = (pid: string, name: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return ''
  }
}

/** The process that reads a file of this app; it is named in what the process may read. */
const parserOf = ({ config }: TestApp): number | undefined => {
  const found = readdirSync('/proc').find(
    (pid) => /^\d+$/.test(pid) && readProc(pid, 'cmdline').includes(config.files.dir),
  )
  return found === undefined ? undefined : Number(found)
}

/** Resolves with a parser that has just been started. */
const parserStarted = async (app: TestApp): Promise<number> => {
  for (;;) {
    const pid = parserOf(app)
    if (pid !== undefined) return pid
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const settledOf = async (person: Person, app: TestApp, id: string) => {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const stop = app.platform.bus.subscribe('document.changed', (change) => {
        if (change.id !== id) return
        stop()
        resolve()
      })
    })
    const { body } = await person.call('GET', `/documents/${id}`)
    if (['ready', 'failed'].includes(body.status)) return body
    await changed
  }
}

const textOf = (word: string): string => `The lighthouse ${word} was built in 1911. It is 40 metres high.`

/** What other people do meanwhile. */
const goesOn = async (person: Person): Promise<void> => {
  for (const [method, path, body] of [
    ['GET', '/documents', undefined],
    ['POST', '/search', { query: 'When was the lighthouse built?' }],
    ['POST', '/chat', { message: 'When was the lighthouse built?' }],
    ['GET', '/chat/conversations', undefined],
  ] as const) {
    assert.equal((await person.call(method, path, body)).status, 200, path)
  }
}

describe('while a document is read', { skip: noProc }, () => {
  it('its parser may hang: others are answered, it fails in time, and the next is read', async () => {
    const app = await openFreshApp({ PARSER_TIMEOUT_SECONDS: '3' })
    const eve = await newPerson(app)
    const { body: hanging } = await eve.upload('hangs.txt', textOf(`${eve.id} hangs`))
    const pid = await parserStarted(app)
    process.kill(pid, 'SIGSTOP')
    const { body: next } = await eve.upload('next.txt', textOf(`${eve.id} next`))
    await goesOn(eve)
    assert.equal((await eve.call('GET', `/documents/${hanging.document.id}`)).body.status, 'parsing')
    const failed = await settledOf(eve, app, hanging.document.id)
    assert.deepEqual([failed.status, failed.failure.code], ['failed', 'document_timeout'])
    assert.equal(parserOf(app) === pid, false, 'it is gone')
    assert.equal((await settledOf(eve, app, next.document.id)).status, 'ready')
    await app.close()
  })

  it('its parser may be killed: it fails with a reason, and the next is read', async () => {
    const { body: dying } = await ada.upload('dies.txt', textOf(`${ada.id} dies`))
    process.kill(await parserStarted(test), 'SIGKILL')
    const failed = await settledOf(ada, test, dying.document.id)
    assert.deepEqual([failed.status, failed.failure.code], ['failed', 'document_too_complex'])
    assert.equal((await ada.read('next.txt', textOf(`${ada.id} after a death`))).body.status, 'ready')
    await goesOn(ada)
  })
})

describe('a document that needs more memory than it may have', () => {
  let app: TestApp
  before(async () => {
    app = await openFreshApp({ PARSER_MEMORY_MB: '128' })
  })
  after(() => app.close())

  it('fails with a reason while others are answered, and the next is read', async () => {
    const eve = await newPerson(app)
    const paragraphs = Array.from({ length: 400_000 }, (_, at) => `<w:p><w:r><w:t>${at * 7919}</w:t></w:r></w:p>`)
    const { body: large } = await eve.upload('large.docx', makeZip(docxEntries(paragraphs.join(''))))
    await goesOn(eve)
    const failed = await settledOf(eve, app, large.document.id)
    assert.deepEqual([failed.status, failed.failure.code], ['failed', 'document_too_complex'])
    assert.equal((await eve.read('next.txt', textOf(`${eve.id} after a giant`))).body.status, 'ready')
  })
})

import assert from 'node:assert/strict'
import { get, type IncomingMessage } from 'node:http'
import { before, describe, it } from 'node:test'
import type { TestApp } from '#testing/app.ts'
import { newPerson, type Person } from '#testing/people.ts'
import {
  askStream,
  createParser,
  idsOf,
  openHome,
  resume,
  type ScriptedTutor,
  type Stream,
  sentence,
  textOf,
  upTo,
} from './testing.ts'

let test: TestApp
let tutor: ScriptedTutor
let ada: Person
let at: { url: string; person: Person }

before(async () => {
  ;({ test, tutor } = await openHome())
  ada = await newPerson(test)
  at = { url: test.url, person: ada }
})

const isDelta = ({ type }: { type: string }): boolean => type === 'text-delta'

/** Asks, and answers with a first sentence that the asker reads. */
const begin = async (message: string) => {
  const stream = await askStream(at, { message })
  const run = await tutor.asked(message)
  run.say(sentence('One.'))
  const { id } = await stream.until(isDelta)
  return { stream, run, lastId: id, turnId: turnIdOf(stream) }
}

const turnIdOf = ({ frames }: Stream): string =>
  String(frames.map(({ part }) => part.data as { turnId?: string } | undefined).find((data) => data?.turnId)?.turnId)

describe('a reader who comes back', () => {
  it('sees each part once and misses none, in two tabs, while the answer goes on', async () => {
    const { stream, run, lastId, turnId } = await begin('two tabs')
    stream.drop()
    run.say(sentence('Two.'))
    const tabs = await Promise.all([resume(at, turnId, lastId), resume(at, turnId, lastId), resume(at, turnId)])
    for (const tab of tabs) await tab.until((part) => isDelta(part) && part.delta === ' Two.')
    run.say(sentence('Three.'))
    run.end()
    for (const tab of tabs) {
      const frames = await tab.rest()
      assert.ok(tab.isDone())
      const all = tab === tabs[2] ? frames : [...stream.frames, ...frames]
      assert.deepEqual(idsOf(all), upTo(all.length))
      assert.equal(textOf(all), 'One. Two. Three.')
    }
  })

  it('reads the rest when the answer has ended, and nothing when it has all', async () => {
    const { stream, run, lastId, turnId } = await begin('ended')
    run.say(sentence('Two.'))
    run.end()
    await stream.rest()
    const rest = await resume(at, turnId, lastId)
    const frames = [...stream.frames.filter(({ id }) => id <= lastId), ...(await rest.rest())]
    assert.deepEqual(frames, stream.frames)
    const none = await resume(at, turnId, stream.frames.length)
    assert.deepEqual(await none.rest(), [])
    assert.ok(none.isDone())
  })

  it('is told the answer from its message when the journal is gone', async () => {
    const { stream, run, lastId, turnId } = await begin('purged')
    run.say(sentence('Two.'))
    run.end()
    await stream.rest()
    const read = stream.frames.filter(({ id }) => id <= lastId)
    await test.platform.journals.purge(new Date(Date.now() + 60_000))
    const [left] = await test.admin.exec(`select count(*)::int from journal_entries where journal_id = '${turnId}'`)
    assert.deepEqual(left?.rows, [[0]])

    const whole = await (await resume(at, turnId)).rest()
    assert.deepEqual(idsOf(whole), upTo(whole.length))
    assert.equal(textOf(whole), 'One. Two.')
    assert.equal(whole.at(-1)?.part.type, 'finish')

    const later = await (await resume(at, turnId, lastId)).rest()
    assert.deepEqual(idsOf([...read, ...later]), upTo(lastId + later.length))
    assert.equal(textOf([...read, ...later]), 'One. Two.')
    const half = [...read, ...later.slice(0, -4)]
    const again = await (await resume(at, turnId, half.length)).rest()
    assert.equal(textOf([...half, ...again]), 'One. Two.')
  })

  it('leaves nothing behind in the server when it goes', async () => {
    const { stream, run, turnId } = await begin('leaves')
    const gone = await resume(at, turnId)
    await gone.until(isDelta)
    gone.drop()
    run.say(sentence('Two.'))
    await stream.until((part) => isDelta(part) && part.delta === ' Two.')
    run.end()
    assert.equal(textOf(await stream.rest()), 'One. Two.')
  })
})

describe('a reader who does not read', () => {
  it('is cut off, holds nobody up, and has all of it when it comes back', async () => {
    const { stream, run, turnId } = await begin('slow')
    const reading = createParser()
    const slow = await new Promise<IncomingMessage>((resolve) => {
      get(
        `${test.url}/api/v1/chat/turns/${turnId}/stream`,
        { headers: { authorization: `Bearer ${ada.token}` } },
        resolve,
      )
    })
    // More than what the two ends of the connection hold by themselves, and a MiB.
    const long = `${'word '.repeat(40_000)}end.`
    for (let count = 0; count < 36; count += 1) run.say(sentence(long))
    run.end()
    const frames = await stream.rest()
    assert.ok(stream.isDone(), 'the others are not held up')

    slow.on('data', (bytes: Buffer) => reading.push(bytes)).on('error', () => undefined)
    await new Promise((resolve) => slow.once('close', resolve))
    assert.ok(!reading.isDone(), 'it was cut off')
    const lastId = reading.frames.at(-1)?.id ?? 0
    assert.ok(lastId < frames.length)
    const back = await resume(at, turnId, lastId)
    const rest = await back.rest()
    assert.ok(back.isDone())
    assert.deepEqual(idsOf([...reading.frames, ...rest]), upTo(frames.length))
    assert.equal(textOf([...reading.frames, ...rest]), textOf(frames))
  })
})

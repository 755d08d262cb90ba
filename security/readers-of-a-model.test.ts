/** Readers who come and go while a model writes: each has the same text, and what they leave behind is nothing. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { askStream, dataOf, idsOf, resume, type Stream, textOf, upTo } from '../server/src/modules/chat/testing.ts'
import type { TestApp } from '../server/src/testing/app.ts'
import { countTimers } from '../server/src/testing/live-timers.ts'
import { type ModelHome, openModelHome } from '../server/src/testing/model-home.ts'
import { newPerson, type Person } from '../server/src/testing/people.ts'
import { type Act, begin, finish, token, tokensOf } from '../server/src/testing/scripted-model.ts'

const sentences = [
  'The harbour of Emden was built in 1847',
  'It is 12 m deep',
  'The mole of the harbour keeps the waves out',
  'Ships with a draught of more than 10 m wait for the tide',
  'The lighthouse was lit in 1891 for the first time',
]
const whole = sentences.map((text) => `${text} [1].`).join(' ')
const question = 'When was the harbour of Emden built?'

let home: ModelHome
let test: TestApp
let other: TestApp
let ada: Person
before(async () => {
  home = await openModelHome()
  test = await home.open()
  other = await home.open({}, false)
  ada = await newPerson(test)
  await ada.read('harbour.md', sentences.map((text) => `${text}.`).join(' '))
})
after(() => home.close())

const here = () => ({ url: test.url, person: ada })
const there = () => ({ url: other.url, person: ada })
const turnOf = ({ frames }: Stream): string => (dataOf(frames, 'turn') as [{ turnId: string }])[0].turnId
const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve))
}
const connections = ({ app }: TestApp): Promise<number> =>
  new Promise((resolve, reject) =>
    app.http.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )

/** Token by token; others get their turn in between. */
const writing: Act = async (call) => {
  begin(call)
  for (const each of tokensOf(whole)) {
    if (call.response.destroyed) return
    call.response.write(token(each))
    await new Promise((resolve) => setImmediate(resolve))
  }
  call.response.end(`${finish()}data: [DONE]\n\n`)
}

describe('a reader', () => {
  it('who leaves anywhere, 1,000 times, leaves nothing behind, and finds the whole answer', async () => {
    home.engine.always(writing)
    await (await askStream(here(), { message: question })).rest()
    await until(async () => (await connections(test)) === 0)
    const timers = countTimers()
    const turns: string[] = []
    let left = 1000
    const comeAndGo = async (): Promise<void> => {
      for (let at = left--; at > 0; at = left--) {
        const stream = await askStream(here(), { message: question })
        // After each count of parts in turn, from the first to the last.
        for (let read = 0; read <= at % 18; read += 1) await stream.until(() => true)
        stream.drop()
        turns.push(await turnAt(stream))
      }
    }
    await Promise.all(Array.from({ length: 8 }, comeAndGo))
    assert.equal(turns.length, 1000)
    for (const turnId of turns) {
      const stream = await resume(there(), turnId)
      assert.equal(textOf(await stream.rest()), whole)
      assert.ok(stream.isDone())
    }
    await until(async () => (await connections(test)) + (await connections(other)) === 0)
    await until(() => home.engine.calls.every(({ response }) => response.closed))
    // Fewer than one for each who left: the apps of this run, the pool of connections to the engine and the engine have
    // some by themselves, and those on commands to Redis end two seconds after them.
    await until(() => timers.count() < 200)
    timers.stop()
    assert.ok(home.engine.openSockets() <= 10, `${home.engine.openSockets()} connections to the engine`)
  })

  it('who comes back after any part, here or at another process, has each part once', async () => {
    home.engine.always(writing)
    const stream = await askStream(here(), { message: question })
    const all = await stream.rest()
    assert.deepEqual(idsOf(all), upTo(all.length))
    assert.equal(textOf(all), whole)
    const turnId = turnOf(stream)
    for (let at = 0; at <= all.length; at += 1) {
      const tabs = await Promise.all([resume(here(), turnId, at), resume(there(), turnId, at)])
      for (const tab of tabs) {
        assert.deepEqual([...all.slice(0, at), ...(await tab.rest())], all, `after part ${at}`)
        assert.ok(tab.isDone())
      }
    }
  })

  it('in many tabs of two processes, opened while the model writes, reads the same', async () => {
    const steps = sentences.map(() => Promise.withResolvers<void>())
    home.engine.always(async (call) => {
      begin(call)
      for (const [at, text] of sentences.entries()) {
        for (const each of tokensOf(`${at === 0 ? '' : ' '}${text} [1].`)) call.response.write(token(each))
        await steps[at]?.promise
      }
      call.response.end(finish())
    })
    const stream = await askStream(here(), { message: question })
    const { id: first } = await stream.until(({ type }) => type === 'start')
    const turnId = await turnAt(stream)
    const tabs: Stream[] = []
    const seen: number[] = []
    for (const [at, step] of steps.entries()) {
      tabs.push(...(await Promise.all([resume(here(), turnId), resume(there(), turnId)])))
      step.resolve()
      // Each sentence is told when the next begins; so all but the last are seen before the end.
      if (at > 0) seen.push((await stream.until(({ type }) => type === 'text-delta')).id)
    }
    const all = await stream.rest()
    assert.equal(textOf(all), whole)
    assert.ok(seen.every((id, at) => id > (seen[at - 1] ?? first)))
    for (const tab of tabs) assert.deepEqual(await tab.rest(), all)
  })
})

/** Reads on to where the turn is named, unless that was read. */
const turnAt = async (stream: Stream): Promise<string> => {
  if (dataOf(stream.frames, 'turn').length === 0) await stream.until(({ type }) => type === 'data-turn')
  return turnOf(stream)
}

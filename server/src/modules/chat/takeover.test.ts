import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { before, describe, it } from 'node:test'
import type { Driver, Statement } from '#platform/db/driver.ts'
import type { TestApp } from '#testing/app.ts'
import { newPerson, type Person } from '#testing/people.ts'
import {
  askStream,
  dataOf,
  type Home,
  idsOf,
  openHome,
  resume,
  type Stream,
  sentence,
  textOf,
  typesOf,
  upTo,
} from './testing.ts'

let home: Home
let ada: Person

before(async () => {
  home = await openHome()
  ada = await newPerson(home.test)
})

const isDelta = ({ type }: { type: string }): boolean => type === 'text-delta'
const turnOf = ({ frames }: Stream) => {
  const [turn] = dataOf(frames, 'turn') as [{ turnId: string; conversationId: string }]
  return turn
}
const answerOf = async (test: TestApp, person: Person, conversationId: string) => {
  const reply = await test.app.http.inject({
    url: `/api/v1/chat/conversations/${conversationId}/messages`,
    headers: { authorization: `Bearer ${person.token}` },
  })
  return reply.json().items[1]
}

/** Over a connection, as `inject` would not see the server go down. */
const askJson = async ({ url }: TestApp, message: string): Promise<{ status: number; code: string }> => {
  const headers = { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' }
  const asking = request(`${url}/api/v1/chat`, { method: 'POST', headers, agent: false })
  const [response] = (await once(asking.end(JSON.stringify({ message })), 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, code: JSON.parse(await text(response)).code }
}

/** Asks, and has the answer's first sentence read. */
const begin = async (test: TestApp, message: string) => {
  const stream = await askStream({ url: test.url, person: ada }, { message })
  const run = await home.tutor.asked(message)
  run.say(sentence('Said before.'))
  const { id: lastId } = await stream.until(isDelta)
  return { stream, run, lastId, ...turnOf(stream) }
}

/** As when the process that holds the lease died some time ago. */
const loseHolder = (turnId: string) =>
  home.test.admin.exec(
    `update journals set lease_holder = '${randomUUID()}', lease_until = now() - interval '1 minute' where id = '${turnId}'`,
  )

describe('a turn whose process died', () => {
  it('is taken up and made again, and what a zombie still says is seen by nobody', async () => {
    const { stream, run: zombie, lastId, turnId, conversationId } = await begin(home.test, 'dies')
    stream.drop()
    await loseHolder(turnId)
    const next = await home.another()
    const run = await home.tutor.asked('dies')
    zombie.say(sentence('Said too late.'), sentence('And later.'))
    await zombie.left
    run.say(sentence('Said again.'))
    const resumed = await resume({ url: next.url, person: ada }, turnId, lastId)
    await resumed.until(isDelta)
    run.end()
    const frames = [...stream.frames, ...(await resumed.rest())]
    assert.ok(resumed.isDone())
    assert.deepEqual(idsOf(frames), upTo(frames.length))
    assert.deepEqual(dataOf(frames, 'superseded'), [{ textId: 'text-1' }])
    const types = typesOf(frames)
    assert.ok(types.indexOf('data-superseded') < types.lastIndexOf('text-start'))
    assert.ok(types.indexOf('data-superseded') > types.indexOf('text-start'))
    assert.equal(textOf(frames), 'Said again.')
    assert.doesNotMatch(JSON.stringify(frames), /too late/)
    const [written] = await home.test.admin.exec(
      `select part from journal_entries where journal_id = '${turnId}' order by seq`,
    )
    assert.deepEqual(
      written?.rows.map(([part]: unknown[]) => JSON.parse(String(part))),
      frames.map(({ part }) => part),
    )
    const message = await answerOf(next, ada, conversationId)
    assert.equal(message.content, 'Said again.')
    assert.equal(message.state, 'complete')
    await next.close()
  })

  it('before its first sentence has its sources superseded too', async () => {
    const stream = await askStream({ url: home.test.url, person: ada }, { message: 'dies early' })
    const first = await home.tutor.asked('dies early')
    const source = { n: 1, documentId: randomUUID(), title: 'T', version: 1, page: 1, quote: 'q', start: 0, end: 1 }
    first.say({ kind: 'sources', refused: false, sources: [source], pageTexts: ['q'] })
    await stream.until(({ type }) => type === 'source-document')
    const { turnId } = turnOf(stream)
    stream.drop()
    await loseHolder(turnId)
    const next = await home.another()
    const run = await home.tutor.asked('dies early')
    run.say(sentence('Without a source.'))
    run.end()
    const frames = await (await resume({ url: next.url, person: ada }, turnId)).rest()
    const types = typesOf(frames)
    assert.ok(types.indexOf('data-superseded') > types.lastIndexOf('data-source'))
    assert.equal(textOf(frames), 'Without a source.')
    assert.deepEqual(idsOf(frames), upTo(frames.length))
    first.end()
    await next.close()
  })

  it('again and again is given up, and does not hold up its conversation for ever', async () => {
    const { run: zombie, turnId, conversationId, stream } = await begin(home.test, 'kills')
    stream.drop()
    await loseHolder(turnId)
    await home.test.admin.exec(`update journals set epoch = 10 where id = '${turnId}'`)
    const next = await home.another()
    const frames = await (await resume({ url: next.url, person: ada }, turnId)).rest()
    assert.deepEqual(typesOf(frames).slice(-4), ['error', 'data-grounding', 'data-usage', 'finish'])
    assert.equal(textOf(frames), '')
    assert.equal((await answerOf(next, ada, conversationId)).state, 'failed')
    zombie.end()
    await next.close()
  })

  it('of a fault in the database is taken up, not failed', async () => {
    const faulty = withFault(home.test)
    const test = await home.another(faulty.driver)
    const { stream, run, lastId, turnId, conversationId } = await begin(test, 'a blip')
    faulty.failNext()
    run.say(sentence('Not written.'))
    await run.left
    stream.drop()
    const next = await home.another()
    const again = await home.tutor.asked('a blip')
    again.say(sentence('Written.'))
    again.end()
    const frames = [
      ...stream.frames.filter(({ id }) => id <= lastId),
      ...(await (await resume({ url: next.url, person: ada }, turnId, lastId)).rest()),
    ]
    assert.equal(textOf(frames), 'Written.')
    assert.equal((await answerOf(next, ada, conversationId)).state, 'complete')
    await test.close()
    await next.close()
  })
})

const appendsToJournal = ({ text }: Statement): boolean => text.includes('insert into journal_entries')

/** A database that loses the next batch of the journal. */
const withFault = ({ admin }: TestApp) => {
  const driver = admin as Driver
  let failing = false
  const batch: Driver['batch'] = (prelude, statements) => {
    if (!failing || !statements.some(appendsToJournal)) return driver.batch(prelude, statements)
    failing = false
    return Promise.reject(new Error('the connection broke'))
  }
  return {
    driver: { ...driver, batch },
    failNext: () => {
      failing = true
    },
  }
}

describe('a server that goes down', () => {
  it('cuts its readers off, and the next one finishes what it began', async () => {
    const going = await home.another()
    const { stream, lastId, turnId, conversationId } = await begin(going, 'rolling')
    const waiting = askJson(going, 'waits in JSON')
    const first = await home.tutor.asked('waits in JSON')
    await going.close()
    await stream.rest()
    assert.ok(!stream.isDone(), 'there is more to come')
    assert.deepEqual(idsOf(stream.frames), upTo(lastId))
    const refused = await waiting
    assert.deepEqual([refused.status, refused.code], [503, 'shutting_down'])
    assert.ok(first.question.signal.aborted)

    const next = await home.another()
    for (const message of ['rolling', 'waits in JSON']) {
      const run = await home.tutor.asked(message)
      run.say(sentence('Said after.'))
      run.end()
    }
    const resumed = await resume({ url: next.url, person: ada }, turnId, lastId)
    const frames = [...stream.frames, ...(await resumed.rest())]
    assert.ok(resumed.isDone())
    assert.deepEqual(idsOf(frames), upTo(frames.length))
    assert.equal(textOf(frames), 'Said after.')
    assert.equal((await answerOf(next, ada, conversationId)).content, 'Said after.')
    await next.close()
  })
})

describe('many answers at once', () => {
  it('share their commits', async () => {
    const counted = withCount(home.test)
    const test = await home.another(counted.driver)
    const messages = Array.from({ length: 50 }, (_, at) => `crowd ${at}`)
    const streams = messages.map((message) => askStream({ url: test.url, person: ada }, { message }))
    const runs = await Promise.all(messages.map((message) => home.tutor.asked(message)))
    for (const run of runs) {
      for (let count = 0; count < 10; count += 1) run.say(sentence(`Sentence ${count}.`))
      run.end()
    }
    let parts = 0
    for (const stream of streams) {
      const frames = await (await stream).rest()
      assert.deepEqual(idsOf(frames), upTo(frames.length))
      parts += frames.length
    }
    await test.close()
    assert.ok(parts > 50 * 15)
    assert.ok(counted.flushes() > 0)
    assert.ok(counted.flushes() * 5 < parts, `${counted.flushes()} flushes for ${parts} parts`)
  })
})

/** Counts the transactions that write to journals on behalf of many: those through the door. */
const withCount = ({ admin }: TestApp) => {
  const driver = admin as Driver
  let flushes = 0
  const batch: Driver['batch'] = (prelude, statements) => {
    if (prelude.includes('lyceum_door') && statements.some(appendsToJournal)) flushes += 1
    return driver.batch(prelude, statements)
  }
  return { driver: { ...driver, batch }, flushes: () => flushes }
}

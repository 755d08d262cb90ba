import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import Fastify from 'fastify'
import { createHandClock } from '../jobs/testing.ts'
import { type ServerEvent, sendEvents } from './events.ts'

const clock = createHandClock()

/** A server with one stream. */
const serve = async (events: AsyncIterable<ServerEvent[]>) => {
  const http = Fastify()
  http.get('/', async (_request, reply) => {
    await sendEvents(reply, events, clock)
    return reply
  })
  const url = await http.listen({ host: '127.0.0.1', port: 0 })
  const open = async (): Promise<IncomingMessage> => (await once(get(url, { agent: false }), 'response'))[0]
  return { open, close: () => http.close() }
}

const event = (id: number, chars = 10): ServerEvent => ({ id, data: JSON.stringify('x'.repeat(chars)) })

/** Events that the test gives, and whether somebody still reads. */
const createSource = () => {
  const left = Promise.withResolvers<void>()
  const given: ((step: IteratorResult<ServerEvent[]>) => void)[] = []
  const waiting: IteratorResult<ServerEvent[]>[] = []
  const put = (step: IteratorResult<ServerEvent[]>): void => {
    const taker = given.shift()
    if (taker) taker(step)
    else waiting.push(step)
  }
  const iterator: AsyncIterator<ServerEvent[]> = {
    next: () => {
      const step = waiting.shift()
      return step ? Promise.resolve(step) : new Promise((resolve) => given.push(resolve))
    },
    return: async () => {
      left.resolve()
      put({ done: true, value: undefined })
      return { done: true, value: undefined }
    },
  }
  return {
    events: { [Symbol.asyncIterator]: () => iterator },
    give: (...events: ServerEvent[]) => put({ done: false, value: events }),
    end: () => put({ done: true, value: undefined }),
    left: left.promise,
  }
}

describe('an event stream', () => {
  it('gives ids and data, a beat when there is nothing, and a last line', async () => {
    const { events, give, end, left } = createSource()
    const server = await serve(events)
    const response = await server.open()
    clock.advance(15_000)
    give(event(1, 1), event(2, 2))
    end()
    assert.equal(await text(response), ': beat\n\nid: 1\ndata: "x"\n\nid: 2\ndata: "xx"\n\ndata: [DONE]\n\n')
    await left
    await server.close()
  })

  it('tells its source when the reader goes', async () => {
    const { events, give, left } = createSource()
    const server = await serve(events)
    const response = await server.open()
    give(event(1))
    await once(response, 'data')
    response.destroy()
    await left
    await server.close()
  })

  it('has no last line when its source breaks', async () => {
    const server = await serve(
      (async function* () {
        yield [event(1, 1)]
        throw new Error('the database is away')
      })(),
    )
    assert.equal(await text(await server.open()), 'id: 1\ndata: "x"\n\n')
    await server.close()
  })

  it('cuts off who leaves more than 1 MiB unread', async () => {
    const { events, give, left } = createSource()
    const server = await serve(events)
    const response = await server.open()
    // News comes bit by bit; the two ends of the connection hold some MiB by themselves.
    for (let id = 1; id <= 400; id += 1) give(event(id, 50_000))
    await left
    const read = await text(response).catch(() => 'broken')
    assert.doesNotMatch(read, /DONE/)
    await server.close()
  })

  it('gives who has to catch up all of it, however much', async () => {
    const { events, give, end } = createSource()
    const server = await serve(events)
    give(...Array.from({ length: 100 }, (_, at) => event(at + 1, 50_000)))
    end()
    const read = await text(await server.open())
    assert.match(read, /\[DONE\]\n\n$/)
    assert.equal(read.match(/^id: /gm)?.length, 100)
    await server.close()
  })

  it('gives up on who takes nothing while it has to catch up', async () => {
    const { events, give, left } = createSource()
    const server = await serve(events)
    const response = await server.open()
    const patience = clock.scheduled(10_000)
    give(...Array.from({ length: 400 }, (_, at) => event(at + 1, 50_000)))
    await patience
    clock.advance(10_000)
    await left
    response.destroy()
    await server.close()
  })
})

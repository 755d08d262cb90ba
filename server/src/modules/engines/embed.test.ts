import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type Clock, systemClock } from '#platform/clock.ts'
import { createHandClock } from '#platform/jobs/testing.ts'
import { type EmbeddingServer, meaningOf, sendJson, startEmbeddingServer } from '#testing/embedding-server.ts'
import { createEmbedder, type Embedder } from './embed.ts'
import { EngineError } from './engine-error.ts'

const apiKey = 'sk-very-secret'
let engine: EmbeddingServer
before(async () => {
  engine = await startEmbeddingServer()
})
beforeEach(() => {
  engine.script = null
  engine.calls.length = 0
})
after(() => engine.close())

const embedder = ({ url = engine.url, clock = systemClock }: { url?: string; clock?: Clock } = {}): Embedder =>
  createEmbedder({ baseUrl: url, model: 'meanings', apiKey, clock, pauseMs: 0 })

/** The fault that a call ends with; its message must not give the key away. */
const faultOf = async (asked: Promise<unknown>): Promise<string> => {
  try {
    await asked
  } catch (error) {
    assert.ok(error instanceof EngineError, String(error))
    assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, new RegExp(apiKey))
    return error.fault
  }
  return 'none'
}

const lengthOf = (vector: Float32Array | undefined): number => Math.hypot(...(vector ?? []))

/** The reply that a script sends instead of vectors, for one text. */
const replying = (embedding: unknown, more: object = {}) => {
  engine.script = (_, reply) => sendJson(reply, 200, { data: [{ index: 0, embedding, ...more }] })
}

describe('an embedding engine', () => {
  it('gives one vector of length 1 for each text, in the order of the texts', async () => {
    const texts = ['the moon', 'a car', 'a doctor']
    const vectors = await embedder().embed(texts)
    assert.equal(vectors.length, 3)
    for (const [at, vector] of vectors.entries()) {
      assert.ok(Math.abs(lengthOf(vector) - 1) < 1e-6)
      const meant = meaningOf(texts[at] ?? '')
      assert.equal(vector.indexOf(Math.max(...vector)), meant.indexOf(Math.max(...meant)))
    }
    const [call] = engine.calls
    assert.deepEqual([call?.model, call?.input, call?.authorization], ['meanings', texts, `Bearer ${apiKey}`])
  })

  it('is found with or without /v1, a slash or the whole path', async () => {
    const base = engine.url.replace('/v1', '')
    const forms = [base, `${base}/`, `${base}/v1`, `${base}/v1/`, `${base}/v1/embeddings`]
    for (const url of forms) assert.equal((await embedder({ url }).embed(['moon'])).length, 1, url)
    assert.deepEqual(new Set(forms.map((url) => embedder({ url }).engine)), new Set([`${base}/v1/embeddings`]))
  })

  it('is asked for a few texts at a time, and for a few kilobytes', async () => {
    await embedder().embed(Array.from({ length: 70 }, (_, at) => `text ${at}`))
    assert.deepEqual(
      engine.calls.map(({ input }) => input.length),
      [32, 32, 6],
    )
    engine.calls.length = 0
    await embedder().embed([...Array.from({ length: 8 }, () => 'é'.repeat(8_000)), 'x'.repeat(1_000_000)])
    assert.deepEqual(
      engine.calls.map(({ input }) => input.length),
      [4, 4, 1],
    )
    assert.equal(engine.calls.at(-1)?.input[0]?.length, 16_000)
  })

  for (const status of [429, 500, 503]) {
    it(`that answers ${status} is asked again`, async () => {
      engine.script = (_, reply) => engine.calls.length < 3 && sendJson(reply, status, {}, { 'retry-after': '0' })
      assert.equal((await embedder().embed(['moon'])).length, 1)
      assert.equal(engine.calls.length, 3)
    })
  }

  it('is left alone for as long as it says, up to ten seconds', async () => {
    const clock = createHandClock()
    engine.script = (_, reply) =>
      engine.calls.length < 3 && sendJson(reply, 429, {}, { 'retry-after': engine.calls.length === 1 ? '2' : '3600' })
    const vectors = embedder({ clock }).embed(['moon'])
    for (const pauseMs of [2_000, 10_000]) {
      await clock.scheduled(pauseMs)
      clock.advance(pauseMs)
    }
    assert.equal((await vectors).length, 1)
  })

  it('that keeps failing is given up after three times', async () => {
    engine.script = (_, reply) => sendJson(reply, 500, {})
    assert.equal(await faultOf(embedder().embed(['moon'])), 'failed')
    assert.equal(engine.calls.length, 3)
  })

  for (const [status, fault] of [
    [401, 'refused'],
    [404, 'refused'],
    [400, 'rejected'],
    [413, 'rejected'],
  ] as const) {
    it(`that answers ${status} is not asked again`, async () => {
      engine.script = (_, reply) => sendJson(reply, status, { error: apiKey })
      assert.equal(await faultOf(embedder().embed(['moon'])), fault)
      assert.equal(engine.calls.length, 1)
    })
  }

  it('is not followed elsewhere', async () => {
    const other = await startEmbeddingServer()
    engine.script = (_, reply) => sendJson(reply, 307, {}, { location: `${other.url}/embeddings` })
    assert.equal(await faultOf(embedder().embed(['moon'])), 'refused')
    assert.deepEqual(other.calls, [])
    await other.close()
  })

  it('that is not there is unreachable', async () => {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as { port: number }
    probe.close()
    await once(probe, 'close')
    assert.equal(await faultOf(embedder({ url: `http://127.0.0.1:${port}` }).embed(['moon'])), 'unreachable')
  })

  it('that breaks off in its answer is unreachable', async () => {
    engine.script = (_, reply) => {
      reply.writeHead(200, { 'content-length': '1000' }).write('{"data"')
      setImmediate(() => reply.destroy())
      return true
    }
    assert.equal(await faultOf(embedder().embed(['moon'])), 'unreachable')
  })

  it('that never stops sending costs no more than its bound', async () => {
    let sent = 0
    engine.script = (_, reply) => {
      reply.writeHead(200)
      const more = (): void => {
        while (!reply.destroyed && reply.write(' '.repeat(65_536))) sent += 65_536
      }
      reply.on('drain', more)
      more()
      return true
    }
    assert.equal(await faultOf(embedder().embed(['moon'])), 'too_long')
    assert.equal(engine.calls.length, 1)
    assert.ok(sent < 64 * 2 ** 20)
  })
})

describe('a reply is refused', () => {
  const oneText = (): Promise<string> => faultOf(embedder().embed(['moon']))
  const hostile: Record<string, unknown> = {
    'with zeros alone': [0, 0, 0],
    'without numbers': [],
    'with a null': [1, null],
    'with text': ['1', '2'],
    'with vectors in base64': 'AACAPw==',
  }
  for (const [name, embedding] of Object.entries(hostile)) {
    it(name, async () => {
      replying(embedding)
      assert.equal(await oneText(), 'malformed')
    })
  }

  for (const [name, body] of [
    ['with a number past all bounds', '{"data":[{"index":0,"embedding":[1e400,1]}]}'],
    ['with NaN', '{"data":[{"index":0,"embedding":[NaN,1]}]}'],
    ['that is no JSON', '<html>'],
    ['that is cut', '{"data":[{"index":0,"embedding":[1,'],
    ['of another shape', '{"embeddings":[[1,2]]}'],
  ] as const) {
    it(name, async () => {
      engine.script = (_, reply) => Boolean(reply.writeHead(200).end(body))
      assert.equal(await oneText(), 'malformed')
    })
  }

  const two = (first: object, second: object) => async () => {
    engine.script = (_, reply) => sendJson(reply, 200, { data: [first, second] })
    assert.equal(await faultOf(embedder().embed(['moon', 'car'])), 'malformed')
  }
  it('with an index twice', two({ index: 1, embedding: [1, 0] }, { index: 1, embedding: [0, 1] }))
  it('with an index that no text has', two({ index: 0, embedding: [1, 0] }, { index: 2, embedding: [0, 1] }))
  it('with vectors of different lengths', two({ index: 0, embedding: [1, 0] }, { index: 1, embedding: [0, 1, 0] }))
  it('with too few vectors', async () => {
    replying([1, 0])
    assert.equal(await faultOf(embedder().embed(['moon', 'car'])), 'malformed')
  })

  it('but not for numbers that are huge or tiny', async () => {
    for (const scale of [1e200, 1e-200]) {
      replying([3 * scale, 4 * scale])
      const [vector] = await embedder().embed(['moon'])
      assert.deepEqual(Array.from(vector ?? []), [Math.fround(0.6), Math.fround(0.8)])
    }
  })
})

describe('who waits for vectors', () => {
  /** Holds every call until the client leaves. */
  const hold = () => {
    const arrived = Promise.withResolvers<void>()
    engine.script = (_, reply) => {
      arrived.resolve()
      return once(reply, 'close').then(() => true)
    }
    return arrived.promise
  }

  it('waits four seconds once, and not at all for the next half minute', async () => {
    const clock = createHandClock()
    const hanging = embedder({ clock })
    const arrived = hold()
    const fault = faultOf(hanging.embed(['moon'], { urgent: true }))
    await arrived
    clock.advance(4_000)
    assert.equal(await fault, 'timeout')
    assert.equal(await faultOf(hanging.embed(['moon'], { urgent: true })), 'away')
    assert.equal(engine.calls.length, 1)
    engine.script = null
    clock.advance(30_000)
    assert.equal((await hanging.embed(['moon'], { urgent: true })).length, 1)
  })

  it('asks again at once when the engine answered somebody else', async () => {
    const failing = embedder()
    engine.script = (_, reply) => sendJson(reply, 500, {})
    assert.equal(await faultOf(failing.embed(['moon'], { urgent: true })), 'failed')
    engine.script = null
    await failing.embed(['moon'])
    assert.equal((await failing.embed(['moon'], { urgent: true })).length, 1)
  })

  it('may leave', async () => {
    const leaving = new AbortController()
    const arrived = hold()
    const vectors = embedder().embed(['moon'], { signal: leaving.signal })
    await arrived
    leaving.abort(new Error('left'))
    await assert.rejects(vectors, /left/)
    assert.equal(engine.calls.length, 1)
  })
})

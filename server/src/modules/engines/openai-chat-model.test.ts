import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '#platform/clock.ts'
import { createHandClock, quietLog } from '#platform/jobs/testing.ts'
import {
  begin,
  bodyOf,
  event,
  finish,
  hangingAfter,
  openScriptedModel,
  refusing,
  type ScriptedModel,
  saying,
  sending,
  silence,
  token,
  tokensOf,
} from '#testing/scripted-model.ts'
import { type ChatDelta, type ChatModel, createOpenAiChatModel, EngineError, withBreaker } from './index.ts'

let engine: ScriptedModel
before(async () => {
  engine = await openScriptedModel()
})
after(() => engine.close())

const key = 'sk-canary-4711'
const limits = { firstTokenMs: 30_000, tokenMs: 15_000, answerMs: 60_000 }
const models: ChatModel[] = []
after(() => Promise.all(models.map((model) => model.close())))

const open = (options: Partial<Parameters<typeof createOpenAiChatModel>[0]> = {}): ChatModel => {
  const clock = options.clock ?? systemClock
  const model = createOpenAiChatModel({
    baseUrl: engine.url,
    apiKey: key,
    model: 'scripted-1',
    random: () => 0.5,
    limits,
    ...options,
    clock,
  })
  models.push(model)
  return model
}

const never = new AbortController().signal
const ask = (model: ChatModel, signal = never) =>
  model.stream({ messages: [{ role: 'user', content: 'Why?' }], maxTokens: 50, temperature: 0, signal })

const textOf = (deltas: readonly ChatDelta[]): string =>
  deltas.map((delta) => (delta.kind === 'text' ? delta.text : '')).join('')

/** What came, and what broke it off. */
const outcomeOf = async (stream: AsyncIterable<ChatDelta>) => {
  const deltas: ChatDelta[] = []
  try {
    for await (const delta of stream) deltas.push(delta)
  } catch (error) {
    assert.ok(error instanceof EngineError, String(error))
    return { deltas, text: textOf(deltas), error, fault: error.fault }
  }
  return { deltas, text: textOf(deltas), error: null, fault: null }
}

describe('an answer of an engine', () => {
  it('is text, usage and how it ended; what it thinks is told apart', async () => {
    engine.next((call) => {
      begin(call)
      call.response.write(event({ choices: [{ delta: { role: 'assistant', content: '' } }] }))
      call.response.write(event({ choices: [{ delta: { reasoning_content: 'Hm.' } }] }))
      call.response.end(bodyOf('Because — déjà 🌙.'))
    })
    const { deltas, text } = await outcomeOf(ask(open()))
    assert.equal(text, 'Because — déjà 🌙.')
    assert.deepEqual(
      deltas.filter(({ kind }) => kind !== 'text'),
      [
        { kind: 'reasoning' },
        { kind: 'finish', reason: 'stop' },
        { kind: 'usage', inputTokens: 100, outputTokens: 20 },
      ],
    )
    const { body, headers, path } = engine.calls.at(-1) ?? assert.fail()
    assert.equal(path, '/v1/chat/completions')
    assert.equal(headers.authorization, `Bearer ${key}`)
    assert.deepEqual(
      [body.model, body.stream, body.max_tokens, body.messages],
      ['scripted-1', true, 50, [{ role: 'user', content: 'Why?' }]],
    )
  })

  it('is found under every way to write its address', async () => {
    const root = engine.url.replace('/v1', '')
    const paths = []
    for (const baseUrl of [
      root,
      `${root}/`,
      `${root}/v1`,
      `${root}/v1/`,
      `${root}/v1/chat/completions`,
      `${root}/api/v3`,
    ]) {
      engine.next(saying('Yes.'))
      assert.equal((await outcomeOf(ask(open({ baseUrl })))).text, 'Yes.')
      paths.push(engine.calls.at(-1)?.path)
    }
    assert.deepEqual(paths, [...Array(5).fill('/v1/chat/completions'), '/api/v3/chat/completions'])
  })

  it('comes out the same however its bytes are cut', async () => {
    const bytes = Buffer.from(bodyOf('Zwölf Boxkämpfer 🌙.'))
    engine.next(async (call) => {
      begin(call)
      call.response.socket?.setNoDelay(true)
      for (const byte of bytes) {
        call.response.write(Buffer.of(byte))
        await new Promise((resolve) => setImmediate(resolve))
      }
      call.response.end()
    })
    assert.equal((await outcomeOf(ask(open()))).text, 'Zwölf Boxkämpfer 🌙.')
  })

  it('ends with a fault wherever the connection breaks, and never says what was not sent', async () => {
    const whole = 'Ja 🌙, so.'
    const bytes = Buffer.from(`${tokensOf(whole).map(token).join('')}${finish()}`)
    const model = open()
    const sureEnd = bytes.length - 2
    for (let at = 0; at <= bytes.length; at += 1) {
      engine.next(sending(bytes.subarray(0, at)))
      const { text, fault } = await outcomeOf(ask(model))
      assert.ok(whole.startsWith(text), `${at}: ${text}`)
      assert.equal(fault, at < sureEnd + 2 ? 'cut' : null, `cut at ${at} of ${bytes.length}`)
    }
  })
})

describe('an engine that does not answer well', () => {
  const faulty: [why: string, act: ReturnType<typeof sending>, fault: string][] = [
    ['broken JSON', sending('data: {"choices": [\n\n'), 'malformed'],
    ['JSON that is no object', sending('data: 42\n\n'), 'malformed'],
    ['an error in its stream', sending(token('A') + event({ error: { message: 'out of memory' } })), 'failed'],
    ['another content type', sending('{"choices": []}', 'application/json'), 'malformed'],
    ['a redirect', refusing(302, {}, { location: 'http://127.0.0.1:9/elsewhere' }), 'malformed'],
    ['a request that it does not take', refusing(400), 'rejected'],
    ['nothing', sending(''), 'cut'],
  ]
  for (const [why, act, fault] of faulty) {
    it(`is a typed fault: ${why}`, async () => {
      engine.next(act)
      assert.equal((await outcomeOf(ask(open()))).fault, fault)
    })
  }

  it('is not asked again after a refused key, and its words do not give the key away', async () => {
    for (const status of [401, 403, 404]) {
      const before = engine.calls.length
      engine.next(refusing(status, { error: { message: `Incorrect API key provided: ${key}` } }))
      const { error, fault } = await outcomeOf(ask(open()))
      assert.equal(fault, 'refused')
      assert.equal(engine.calls.length, before + 1)
      assert.match(String(error), /LLM_/)
      assert.doesNotMatch(JSON.stringify({ ...error, m: error?.message, s: error?.stack }), /canary/)
    }
  })

  it('counts what is no count as no usage', async () => {
    for (const usage of [
      '{"prompt_tokens": NaN, "completion_tokens": 3}',
      '{"prompt_tokens": -4, "completion_tokens": 3}',
    ]) {
      engine.next(sending(`${token('Yes.')}${finish()}data: {"choices": [], "usage": ${usage}}\n\ndata: [DONE]\n\n`))
      const { deltas, fault } = await outcomeOf(ask(open()))
      assert.equal(textOf(deltas), 'Yes.')
      assert.equal(fault, null)
      assert.ok(!deltas.some(({ kind }) => kind === 'usage'))
    }
  })

  it('that sends without end is cut off', async () => {
    const floods = [
      (n: number) => token(`${n} `),
      () => 'data: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      () => ': a comment that never ends its answer\n\n',
    ]
    for (const flood of floods) {
      const model = open({ limits: { ...limits, bodyBytes: 200_000, eventChars: 50_000 } })
      engine.next(async (call) => {
        begin(call)
        for (let n = 0; !call.response.destroyed; n += 1) {
          call.response.write(flood(n))
          if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
        }
      })
      assert.equal((await outcomeOf(ask(model))).fault, 'too_long')
      await engine.calls.at(-1)?.closed
    }
  })
})

describe('deadlines', () => {
  it('end a call that sends nothing, and close its connection', async () => {
    const clock = createHandClock()
    const model = open({ clock })
    engine.next(silence)
    const asked = outcomeOf(ask(model))
    await callAfter(engine.calls.length)
    clock.advance(29_999)
    clock.advance(1)
    assert.equal((await asked).fault, 'timeout')
    await engine.calls.at(-1)?.closed
  })

  it('end an answer that stops, also one that goes on with bytes that say nothing', async () => {
    const clock = createHandClock()
    const model = open({ clock })
    engine.next((call) => {
      hangingAfter('One two')(call)
      call.response.write(': still here\n\ndata: {"cho')
    })
    const stream = ask(model)[Symbol.asyncIterator]()
    const deltas = [await stream.next(), await stream.next()]
    assert.deepEqual(
      deltas.map(({ value }) => value?.text),
      ['One', ' two'],
    )
    const last = stream.next()
    await clock.scheduled(15_000)
    clock.advance(15_000)
    await assert.rejects(last, { fault: 'timeout' })
    await engine.calls.at(-1)?.closed
  })

  it('end an answer that comes too slowly as a whole', async () => {
    const clock = createHandClock()
    engine.next(async (call) => {
      begin(call)
      for (let n = 0; n < 3; n += 1) call.response.write(token(`${n}`))
    })
    const stream = ask(open({ clock, limits: { ...limits, answerMs: 20_000 } }))[Symbol.asyncIterator]()
    for (let n = 0; n < 3; n += 1) {
      await stream.next()
      clock.advance(6_000)
    }
    const last = stream.next()
    await clock.scheduled(15_000)
    clock.advance(2_000)
    await assert.rejects(last, { fault: 'timeout' })
  })

  it('do not run while the reader is busy', async () => {
    const clock = createHandClock()
    engine.next(saying('One two.'))
    const stream = ask(open({ clock, limits: { ...limits, answerMs: 1_000_000 } }))[Symbol.asyncIterator]()
    const said = [await stream.next()]
    clock.advance(100_000)
    for (let next = await stream.next(); !next.done; next = await stream.next()) said.push(next)
    assert.equal(textOf(said.flatMap(({ value }) => value ?? [])), 'One two.')
  })
})

/** The scripted engine says when it is called; those that came before are left out. */
const callAfter = async (count: number) => {
  await until(() => engine.calls.length > count)
  return engine.calls[count]
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

describe('trying again', () => {
  it('happens before the first token, by the engine’s wish and with a limit', async () => {
    const clock = createHandClock()
    const model = open({ clock })
    engine.next(
      refusing(429, {}, { 'retry-after': '2' }),
      refusing(503, {}, { 'retry-after': '3600' }),
      saying('At last.'),
    )
    const asked = outcomeOf(ask(model))
    await clock.scheduled(2_200)
    clock.advance(2_200)
    await clock.scheduled(5_000)
    clock.advance(5_000)
    assert.equal((await asked).text, 'At last.')
  })

  it('ends after three attempts', async () => {
    const clock = createHandClock()
    const before = engine.calls.length
    engine.next(refusing(500), refusing(500), refusing(500))
    const asked = outcomeOf(ask(open({ clock })))
    for (const ms of [400, 800]) {
      await clock.scheduled(ms)
      clock.advance(ms)
    }
    assert.equal((await asked).fault, 'failed')
    assert.equal(engine.calls.length, before + 3)
  })

  it('happens when there is no connection, and not after the first token', async () => {
    const clock = createHandClock()
    const nobody = await openScriptedModel()
    await nobody.close()
    const asked = outcomeOf(ask(open({ clock, baseUrl: nobody.url })))
    for (const ms of [400, 800]) {
      await clock.scheduled(ms)
      clock.advance(ms)
    }
    const { fault, error } = await asked
    assert.equal(fault, 'unreachable')
    assert.ok(error?.cause)

    const before = engine.calls.length
    engine.next(sending(token('One')))
    assert.equal((await outcomeOf(ask(open()))).fault, 'cut')
    assert.equal(engine.calls.length, before + 1)
  })

  it('leaves out what the engine does not take', async () => {
    const clock = createHandClock()
    const model = open({ clock })
    engine.next(
      refusing(400, { error: { message: "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'." } }),
      saying('Yes.'),
      saying('Yes again.'),
    )
    const asked = outcomeOf(ask(model))
    await clock.scheduled(0)
    clock.advance(0)
    assert.equal((await asked).text, 'Yes.')
    assert.equal((await outcomeOf(ask(model))).text, 'Yes again.')
    const [first, second, third] = engine.calls
      .slice(-3)
      .map(({ body }) => [body.max_tokens, body.max_completion_tokens])
    assert.deepEqual(
      [first, second, third],
      [
        [50, undefined],
        [undefined, 50],
        [undefined, 50],
      ],
    )
  })
})

describe('leaving', () => {
  it('closes the connection: by the signal, at any moment, and by reading no further', async () => {
    const model = open()
    for (const act of [silence, hangingAfter('One two three')]) {
      const aborter = new AbortController()
      const count = engine.calls.length
      engine.next(act)
      const asked = ask(model, aborter.signal)[Symbol.asyncIterator]()
      const step = asked.next()
      const call = await callAfter(count)
      if (act !== silence) await step
      aborter.abort(new Error('stop'))
      await assert.rejects(act === silence ? step : drain(asked), /stop/)
      await call?.closed
    }
    engine.next(hangingAfter('One two three'))
    for await (const _ of ask(model)) break
    await engine.calls.at(-1)?.closed
  })

  it('leaves no sockets behind after many calls that failed', async () => {
    await Promise.all(models.map((model) => model.close()))
    await until(() => engine.openSockets() === 0)
    const model = open()
    for (let n = 0; n < 60; n += 1) {
      engine.next(n % 3 === 0 ? refusing(401) : n % 3 === 1 ? sending('{}', 'text/html') : sending('data: {\n\n'))
      await outcomeOf(ask(model))
    }
    await until(() => engine.openSockets() <= 1)
    await model.close()
    await until(() => engine.openSockets() === 0)
  })
})

const drain = async (stream: AsyncIterator<ChatDelta>): Promise<void> => {
  while (!(await stream.next()).done);
}

describe('the breaker', () => {
  it('opens after failures in a row, lets one call try after the pause, and closes when it went well', async () => {
    const clock = createHandClock()
    const model = withBreaker(open(), { clock, log: quietLog, failures: 3, pauseMs: 30_000 })
    const broken = sending('data: {\n\n')
    for (let n = 0; n < 3; n += 1) {
      engine.next(broken)
      assert.equal((await outcomeOf(ask(model))).fault, 'malformed')
    }
    const before = engine.calls.length
    assert.equal((await outcomeOf(ask(model))).fault, 'away')
    clock.advance(29_999)
    assert.equal((await outcomeOf(ask(model))).fault, 'away')
    assert.equal(engine.calls.length, before, 'it was left alone')
    clock.advance(1)
    engine.next(broken)
    const probe = outcomeOf(ask(model))
    assert.equal((await outcomeOf(ask(model))).fault, 'away', 'one call at a time tries')
    assert.equal((await probe).fault, 'malformed')
    assert.equal((await outcomeOf(ask(model))).fault, 'away', 'it failed: open again')
    clock.advance(30_000)
    engine.next(saying('Back.'), broken, saying('Still.'))
    assert.equal((await outcomeOf(ask(model))).text, 'Back.')
    assert.equal((await outcomeOf(ask(model))).fault, 'malformed')
    assert.equal((await outcomeOf(ask(model))).text, 'Still.')
  })

  it('does not count what the question is to blame for, nor who leaves', async () => {
    const clock = createHandClock()
    const model = withBreaker(open(), { clock, log: quietLog, failures: 2 })
    for (let n = 0; n < 3; n += 1) {
      engine.next(refusing(400))
      assert.equal((await outcomeOf(ask(model))).fault, 'rejected')
      const aborter = new AbortController()
      engine.next(hangingAfter('One two'))
      const stream = ask(model, aborter.signal)[Symbol.asyncIterator]()
      await stream.next()
      aborter.abort(new Error('stop'))
      await assert.rejects(drain(stream), /stop/)
    }
    engine.next(saying('Fine.'))
    assert.equal((await outcomeOf(ask(model))).text, 'Fine.')
  })
})

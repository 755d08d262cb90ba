/** Engines that refuse, garble and break off, hundreds of times: what is open stays flat, and nothing is left at the end. */
import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { createEmbedder, createOpenAiChatModel, EngineError } from '../server/src/modules/engines/index.ts'
import { type Clock, systemClock } from '../server/src/platform/clock.ts'
import { countTimers } from '../server/src/testing/live-timers.ts'
import {
  type Act,
  begin,
  openScriptedModel,
  refusing,
  type ScriptedModel,
  sending,
  token,
} from '../server/src/testing/scripted-model.ts'

const rejections = 10_000
/** Calls at the same time; the pool may keep as many connections. */
const atOnce = 4

let engine: ScriptedModel
before(async () => {
  engine = await openScriptedModel()
})
after(() => engine.close())

/** Time goes on as usual, but nobody waits between two attempts. */
const impatient: Clock = { ...systemClock, after: (ms, act) => systemClock.after(ms <= 10_000 ? 0 : ms, act) }

/** Never ends, and breaks off where a reader leaves. */
const endlessRefusal: Act = ({ response }) => {
  response.writeHead(401)
  const more = (): void => {
    while (!response.destroyed && response.write('no '.repeat(4_000)));
  }
  response.on('drain', more)
  more()
}
const acts: [what: string, act: Act][] = [
  ['a refused key', refusing(401)],
  ['an endless refusal', endlessRefusal],
  ['an unknown model', refusing(404)],
  ['a request that is not taken', refusing(400)],
  ['a limit', refusing(429, {}, { 'retry-after': '0' })],
  ['a failure', refusing(500)],
  ['a redirect', refusing(302, {}, { location: '/elsewhere' })],
  ['a page', sending('<html></html>', 'text/html')],
  ['broken JSON', sending('data: {\n\n')],
  ['half an answer', sending(token('The harbour'))],
  [
    'a connection that breaks',
    (call) => {
      begin(call)
      call.response.destroy()
    },
  ],
]

/**
 * Far fewer than one for each call. Some there are always: of undici, of the test server, of connections that wait for
 * the next call, and of every worker of the apps that the files of this run have opened.
 */
const leakedTimers = 200
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

/** Calls again and again, some at a time; @returns the most connections that were open between two calls */
const callOften = async (call: (at: number) => Promise<unknown>, open: () => number): Promise<number> => {
  let [next, most] = [0, 0]
  const work = async (): Promise<void> => {
    for (let at = next++; at < rejections; at = next++) {
      await assert.rejects(call(at), EngineError)
      most = Math.max(most, open())
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return most
}

const drain = async (stream: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of stream);
}

describe(`${rejections} calls that go wrong`, () => {
  it('of a model leave no connection, timer or listener', async () => {
    const model = createOpenAiChatModel({
      baseUrl: engine.url,
      apiKey: null,
      model: 'scripted-1',
      clock: impatient,
      random: () => 0,
      limits: { firstTokenMs: 30_000, tokenMs: 15_000, answerMs: 60_000 },
    })
    const asker = new AbortController()
    const timers = countTimers()
    let count = 0
    engine.always((call) => acts[count++ % acts.length]?.[1](call))
    const most = await callOften(
      () => drain(model.stream({ messages: [], maxTokens: 5, temperature: 0, signal: asker.signal })),
      engine.openSockets,
    )
    // One that is just being left counts until its end has arrived.
    assert.ok(most <= 4 * atOnce, `${most} connections`)
    await model.close()
    await until(() => engine.openSockets() === 0)
    assert.deepEqual(getEventListeners(asker.signal, 'abort'), [])
    await until(() => timers.count() < leakedTimers)
    timers.stop()
  })

  it('of an embedding engine leave no connection or timer', async () => {
    const embedder = createEmbedder({ baseUrl: engine.url, apiKey: null, model: 'm', clock: impatient, pauseMs: 0 })
    const timers = countTimers()
    let count = 0
    engine.always((call) => acts[count++ % acts.length]?.[1](call))
    const most = await callOften(() => embedder.embed(['moon']), engine.openSockets)
    assert.ok(most <= 4 * atOnce, `${most} connections`)
    await until(() => timers.count() < leakedTimers)
    timers.stop()
  })
})

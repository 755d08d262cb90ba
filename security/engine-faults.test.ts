/** Everything that an engine may do wrong, seen by who asked: an end each time, within bounds, and never half a sentence. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import {
  askStream,
  dataOf,
  type Frame,
  idsOf,
  type Stream,
  textOf,
  typesOf,
  upTo,
} from '../server/src/modules/chat/testing.ts'
import type { TestApp } from '../server/src/testing/app.ts'
import { type ModelHome, openModelHome } from '../server/src/testing/model-home.ts'
import { newPerson, type Person } from '../server/src/testing/people.ts'
import {
  type Act,
  begin,
  bodyOf,
  event,
  finish,
  hangingAfter,
  openScriptedModel,
  refusing,
  saying,
  sending,
  silence,
  token,
  tokensOf,
} from '../server/src/testing/scripted-model.ts'

const built = 'The harbour of Emden was built in 1847 [1].'
const quoted = 'The harbour of Emden was built in 1847. [1]'
const question = 'When was the harbour of Emden built?'

let home: ModelHome
let test: TestApp
let ada: Person
before(async () => {
  home = await openModelHome()
  test = await home.open()
  ada = await newPerson(test)
  await ada.read('harbour.md', '# The harbour\n\nThe harbour of Emden was built in 1847. It is 12 m deep.\n')
})
after(() => home.close())
beforeEach(() => home.engine.always(saying(built)))

const ask = (app: TestApp): Promise<Stream> => askStream({ url: app.url, person: ada }, { message: question })
const usageIn = (frames: readonly Frame[]) => (dataOf(frames, 'usage') as [{ model: string; estimated: boolean }])[0]

/** What holds however it went: numbered without a gap, closed in order, and written as it was seen. */
const ended = async (stream: Stream): Promise<{ frames: Frame[]; text: string; state: string; model: string }> => {
  const frames = await stream.rest()
  assert.ok(stream.isDone(), 'the reader was told the end')
  assert.deepEqual(idsOf(frames), upTo(frames.length))
  assert.deepEqual(typesOf(frames).slice(-3), ['data-grounding', 'data-usage', 'finish'])
  const [{ conversationId }] = dataOf(frames, 'turn') as [{ conversationId: string }]
  const { body } = await ada.call('GET', `/chat/conversations/${conversationId}/messages`)
  const [, answer] = body.items
  const text = textOf(frames)
  assert.equal(answer.content, text)
  return { frames, text, state: answer.state, model: usageIn(frames).model }
}

const toolCall = event({
  choices: [
    { index: 0, delta: { tool_calls: [{ index: 0, function: { name: 'grades', arguments: '{"of": "every' } }] } },
  ],
})
const endlessLine: Act = (call) => {
  begin(call)
  const more = (): void => {
    while (!call.response.destroyed && call.response.write('data: '.repeat(5_000)));
  }
  call.response.on('drain', more)
  more()
}
const faults: [what: string, act: Act, attempts: number][] = [
  ['a refused key', refusing(401), 1],
  ['an unknown model', refusing(404, { error: { message: 'The model `scripted-1` does not exist' } }), 1],
  ['a limit', refusing(429, {}, { 'retry-after': '0' }), 3],
  ['a failure', refusing(500), 3],
  ['a redirect', refusing(307, {}, { location: 'http://127.0.0.1:9/' }), 1],
  ['broken JSON', sending('data: {"choices": [{"delta": {"content": "The\n\n'), 1],
  ['bytes that are no text', sending(Buffer.from('data: \xff\xfe\x00\n\n', 'latin1')), 1],
  ['a call of a tool that is cut', sending(`${toolCall}${finish('tool_calls')}data: [DONE]\n\n`), 1],
  ['an error in its stream', sending(`${token('The harbour')}${event({ error: { message: 'out of memory' } })}`), 1],
  ['a line without an end', endlessLine, 1],
  ['nothing', sending(''), 1],
]

describe('an engine that answers with', () => {
  for (const [what, act, attempts] of faults) {
    it(`${what} is stood in for, and asked again for the next question`, async () => {
      const before = home.engine.calls.length
      home.engine.next(...Array.from({ length: attempts }, () => act))
      const { text, state, model } = await ended(await ask(test))
      assert.deepEqual([text.startsWith(quoted), state, model], [true, 'complete', 'extractive'])
      assert.equal(home.engine.calls.length, before + attempts)
      // Between two faults one answer that is well, so that the breaker stays closed.
      assert.equal((await ended(await ask(test))).text, built)
    })
  }

  it('counts that are none is believed in its words, and its counts are estimated', async () => {
    const body = bodyOf(built, 'HERE').replace('"HERE"', '{"prompt_tokens": NaN, "completion_tokens": 1e400}')
    home.engine.next(sending(body))
    const { frames, text, state } = await ended(await ask(test))
    assert.deepEqual([text, state, usageIn(frames).estimated], [built, 'complete', true])
  })

  it('an answer cut anywhere has told all of its sentence or none of it', async () => {
    const body = Buffer.from(bodyOf(built))
    for (let at = 0; at < body.length; at += 101) {
      home.engine.next(sending(body.subarray(0, at)))
      const { text, model } = await ended(await ask(test))
      assert.ok(model === 'extractive' ? text.startsWith(quoted) : text === built, `cut at ${at}: ${text}`)
      assert.equal((await ended(await ask(test))).text, built)
    }
  })
})

/** Sends one after the other without an end, as fast as they are taken. */
const without =
  (end: 'pause' | 'end', parts: readonly string[]): Act =>
  async (call) => {
    begin(call)
    for (let at = 0; !call.response.destroyed; at += 1) {
      const isTaken = call.response.write(parts[at % parts.length])
      if (end === 'pause') await new Promise((resolve) => setTimeout(resolve, 200))
      else if (!isTaken)
        await Promise.race([new Promise((resolve) => call.response.once('drain', resolve)), call.closed])
      else await new Promise((resolve) => setImmediate(resolve))
    }
  }

describe('an engine that takes its time', () => {
  it('is left at its deadlines, at whatever point, and what was said is kept', async () => {
    const env = {
      LLM_FIRST_TOKEN_TIMEOUT_SECONDS: '2',
      LLM_TOKEN_TIMEOUT_SECONDS: '2',
      LLM_ANSWER_TIMEOUT_SECONDS: '4',
    }
    const app = await home.open(env)
    const acts: [what: string, act: Act, kept: RegExp][] = [
      ['no headers', silence, /^The harbour of Emden was built in 1847\. \[1\]/],
      ['headers and nothing more', begin, /^The harbour of Emden was built in 1847\. \[1\]/],
      ['half a sentence', hangingAfter('The harbour of Emden was'), /^The harbour of Emden was built in 1847\. \[1\]/],
      ['one byte at a time', without('pause', [...token('The')]), /^The harbour of Emden was built in 1847\. \[1\]/],
      [
        'a sentence and half of one',
        hangingAfter(`${built} It is`),
        /^The harbour of Emden was built in 1847 \[1\]\.$/,
      ],
      [
        'the same for ever',
        without('end', tokensOf(`${built} `).map(token)),
        /^(The harbour of Emden was built in 1847 \[1\]\.\s?)+$/,
      ],
    ]
    const streams: Stream[] = []
    for (const [, act] of acts) {
      const before = home.engine.calls.length
      home.engine.next(act)
      streams.push(await ask(app))
      while (home.engine.calls.length === before) await new Promise((resolve) => setImmediate(resolve))
    }
    for (const [at, [what, , kept]] of acts.entries()) {
      const { text, state, model } = await ended(streams[at] ?? assert.fail())
      assert.match(text, kept, what)
      assert.equal(state, model === 'extractive' ? 'complete' : 'failed', what)
    }
    await Promise.all(home.engine.calls.slice(-acts.length).map(({ closed }) => closed))
    await app.close()
  })
})

describe('an engine that is not there', () => {
  const nowhere = async (): Promise<string> => {
    const gone = await openScriptedModel()
    await gone.close()
    return gone.url
  }
  const places: [what: string, url: () => Promise<string>][] = [
    ['nobody listens', nowhere],
    ['its name is unknown', async () => 'http://engine.invalid/v1'],
  ]
  for (const [what, url] of places) {
    it(`is stood in for: ${what}`, async () => {
      const app = await home.open({ LLM_BASE_URL: await url(), LLM_FIRST_TOKEN_TIMEOUT_SECONDS: '5' })
      const { text, state, model } = await ended(await ask(app))
      assert.deepEqual([text.startsWith(quoted), state, model], [true, 'complete', 'extractive'])
      await app.close()
    })
  }
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { TestApp } from '#testing/app.ts'
import { type ModelHome, openModelHome } from '#testing/model-home.ts'
import { newPerson, type Person } from '#testing/people.ts'
import {
  begin,
  finish,
  hangingAfter,
  refusing,
  type ScriptedModel,
  saying,
  sending,
  silence,
  token,
  tokensOf,
} from '#testing/scripted-model.ts'
import { askStream, dataOf, type Frame, idsOf, resume, textOf, typesOf, upTo } from './testing.ts'

const pageText = `# The harbour of Emden

The harbour of Emden was built in 1847. It is 12 m deep. The mole of the harbour keeps the waves out. Ships with a draught
of more than 10 m wait for the tide. The lighthouse was lit in 1891 for the first time.
`
const built = 'The harbour of Emden was built in 1847 [1].'
const mole = 'The mole of the harbour keeps the waves out [1].'
const lie = 'The harbour of Emden was built in 1947 [1].'
const question = 'When was the harbour of Emden built?'

let home: ModelHome
let engine: ScriptedModel
let test: TestApp
let ada: Person

const openApp = (env: Record<string, string> = {}, alone?: boolean): Promise<TestApp> =>
  home.open({ LLM_API_KEY: 'sk-canary', ...env }, alone)

before(async () => {
  home = await openModelHome()
  engine = home.engine
  test = await openApp()
  ada = await newPerson(test)
  await ada.read('harbour.md', pageText)
})
after(() => home.close())
beforeEach(() => engine.always(saying('Nothing was scripted for this call.')))

const ask = async (message: string, more: Record<string, unknown> = {}) => {
  const { status, body } = await ada.call('POST', '/chat', { message, ...more })
  assert.equal(status, 200, JSON.stringify(body))
  return body
}
const stepsOf = (frames: readonly Frame[]): string[] =>
  dataOf(frames, 'status').map((status) => (status as { step: string }).step)
const callsDuring = async (act: () => Promise<unknown>): Promise<number> => {
  const before = engine.calls.length
  await act()
  return engine.calls.length - before
}
const promptOf = (at = -1): string =>
  (engine.calls.at(at)?.body.messages ?? []).map(({ role, content }) => `${role}: ${content}`).join('\n')

describe('an answer of a model', () => {
  it('is said with its receipts: sources first, each sentence with its citation before it', async () => {
    engine.next(saying(`${built} ${mole}`))
    const stream = await askStream({ url: test.url, person: ada }, { message: question })
    const frames = await stream.rest()
    assert.equal(textOf(frames), `${built} ${mole}`)
    const types = typesOf(frames).filter((type) => !['data-status', 'start', 'data-turn'].includes(type))
    assert.deepEqual(types, [
      'data-source',
      'source-document',
      'text-start',
      'data-citation',
      'text-delta',
      'data-citation',
      'text-delta',
      'text-end',
      'data-grounding',
      'data-usage',
      'finish',
    ])
    assert.deepEqual(stepsOf(frames), ['searching', 'reading', 'writing'])
    const [source] = dataOf(frames, 'source') as [
      { documentId: string; page: number; quote: string; start: number; end: number },
    ]
    const { body: page } = await ada.call('GET', `/documents/${source.documentId}/pages/${source.page}`)
    assert.equal(page.text.slice(source.start, source.end), source.quote)
    const citations = dataOf(frames, 'citation') as {
      sentence: [number, number]
      source: number
      verdict: string
      span: [number, number]
    }[]
    const text = textOf(frames)
    assert.deepEqual(
      citations.map(({ sentence: [from, to], source: n }) => [text.slice(from, to), n]),
      [
        [built, 1],
        [mole, 1],
      ],
    )
    for (const { span, verdict } of citations) {
      assert.ok(verdict === 'supported' || verdict === 'weak')
      assert.ok(span[0] >= source.start && span[1] <= source.end)
    }
    const [usage] = dataOf(frames, 'usage') as [Record<string, unknown>]
    assert.deepEqual([usage.model, usage.inputTokens, usage.outputTokens], ['scripted-1', 100, 20])
    const [written] = await test.admin.exec(
      `select model, prompt, input_tokens, is_estimate from usage_entries order by created_at desc limit 1`,
    )
    assert.deepEqual(written?.rows, [['scripted-1', 'grounded.v1', 100, false]])
  })

  it('is asked for with the sources as quoted data, in the language of the question and its mode', async () => {
    engine.next(saying('Wer hat den Hafen gebaut?'))
    await ask('Wann wurde der Hafen von Emden (harbour of Emden) gebaut?', { mode: 'socratic' })
    const prompt = promptOf()
    assert.match(prompt, /<source n="1" title="[^"]+" page="1">\n[^<]*The harbour of Emden was built in 1847/)
    assert.match(prompt, /Answer in German/)
    assert.match(prompt, /ask the learner/)
    assert.doesNotMatch(JSON.stringify(engine.calls.at(-1)?.body), /sk-canary/)
  })

  it('keeps marks in every form, and takes an unknown number for none', async () => {
    const text =
      'The harbour of Emden was built in 1847【1】. It is 12 m deep [1, 9]. The mole of the harbour keeps the waves out [9].'
    engine.next(saying(text))
    const { text: said, citations, grounding } = await ask(question)
    assert.equal(said, text)
    assert.deepEqual(
      citations.map(({ source }: { source: number }) => source),
      [1, 1, 1],
    )
    assert.equal(grounding.withheld, 0)
  })

  it('is withheld where the pages do not bear it out, from everybody', async () => {
    engine.next(saying(`${mole} ${lie} It is 95 m deep [1]. It is 12 m deep [1].`))
    const stream = await askStream({ url: test.url, person: ada }, { message: question })
    const frames = await stream.rest()
    assert.equal(textOf(frames), `${mole} It is 12 m deep [1].`)
    assert.doesNotMatch(JSON.stringify(frames), /in 1947|95 m/)
    const [grounding] = dataOf(frames, 'grounding') as [{ withheld: number; unsupported: number }]
    assert.deepEqual([grounding.withheld, grounding.unsupported], [2, 0])
    const [written] = await test.admin.exec(
      `select count(*)::int from journal_entries where part like '%built in 1947%'`,
    )
    assert.deepEqual(written?.rows, [[0]])
  })

  it('keeps the shape of its Markdown when a piece of it is left out', async () => {
    engine.next(
      saying(
        `## The harbour\n\n- ${lie} It is 12 m deep [1].\n- ${mole}\n\n## The lighthouse\n\nThe lighthouse was lit in 1991 for the first time [1].\n`,
      ),
    )
    const { text } = await ask(question)
    assert.equal(text, `## The harbour\n\n- It is 12 m deep [1].\n- ${mole}`)
  })

  it('is asked for once more when nothing of it stands, and is a refusal when nothing stands again', async () => {
    engine.next(saying(`Good question! ${lie}`), saying(built))
    const again = await ask(question)
    assert.deepEqual([again.text, again.refused], [built, false])
    assert.match(promptOf(), /was rejected/)
    assert.equal(again.usage.inputTokens, 200)

    engine.next(saying(lie), saying(lie))
    const calls = await callsDuring(async () => {
      const { text, refused, citations, sources } = await ask(question)
      assert.deepEqual([text, refused, citations], ['Your pages do not say.', true, []])
      assert.ok(sources.length > 0)
    })
    assert.equal(calls, 2)
  })

  it('is a refusal when the model says that the sources do not say', async () => {
    engine.next(saying('NOT_IN_SOURCES'))
    const calls = await callsDuring(async () => {
      const { text, refused, sources } = await ask(question)
      assert.deepEqual([text, refused], ['Your pages do not say.', true])
      assert.ok(sources.length > 0)
    })
    assert.equal(calls, 1)
  })

  it('is not asked for when the material speaks of something else', async () => {
    const calls = await callsDuring(async () => {
      const { refused, usage } = await ask('Which enzyme unwinds the double helix during replication?')
      assert.deepEqual([refused, usage.model], [true, 'extractive'])
    })
    assert.equal(calls, 0)
  })

  it('may greet, and nobody is refused for a greeting', async () => {
    engine.next(saying('Hello! I am Lyceum, your tutor.'))
    const { text, refused, sources, citations } = await ask('Hello, who are you?')
    assert.deepEqual([text, refused, sources, citations], ['Hello! I am Lyceum, your tutor.', false, [], []])
    engine.next(saying('The moon is made of cheese.'))
    const lied = await ask('Hi!')
    assert.equal(lied.refused, false)
    assert.doesNotMatch(lied.text, /cheese/)
  })

  it('knows what was said before', async () => {
    engine.next(saying(built), saying('It is 12 m deep [1].'))
    const { conversationId } = await ask(question)
    const { text } = await ask('And how deep is it?', { conversationId })
    assert.equal(text, 'It is 12 m deep [1].')
    const [, ...messages] = engine.calls.at(-1)?.body.messages ?? []
    assert.deepEqual(
      messages.slice(0, -1).map(({ role, content }) => [role, content]),
      [
        ['user', question],
        ['assistant', 'The harbour of Emden was built in 1847.'],
      ],
    )
    assert.match(promptOf(), /Question: And how deep is it\?/)
  })

  it('that does not count its tokens is estimated, and says so', async () => {
    engine.next(sending([...tokensOf(built).map(token), finish()].join('')))
    const { usage } = await ask(question)
    assert.equal(usage.estimated, true)
    assert.equal(usage.outputTokens, Math.ceil(built.length / 4))
    assert.ok(usage.inputTokens > 100)
  })

  it('cut at its longest has no half sentence', async () => {
    engine.next(sending([...tokensOf(`${built} The harbour of Emden was`).map(token), finish('length')].join('')))
    assert.equal((await ask(question)).text, built)
  })
})

describe('what could reach out from an answer', () => {
  it('is plain text', async () => {
    const canary = 'https://canary.example/p?d=1'
    engine.next(
      saying(
        `[The harbour of Emden](${canary}) was built in 1847 [1]. ![It](${canary}) is 12 m deep [1]. The mole <img src="${canary}" onerror="x()"> of the harbour keeps the waves out [1](${canary}).\n\n[1]: ${canary}\n\n[x]: javascript:alert(1)\n`,
      ),
    )
    const { text } = await ask(question)
    assert.match(text, /^The harbour of Emden was built in 1847 \[1\]\. It is 12 m deep \[1\]\./)
    assert.doesNotMatch(text, /\]\(|<img|!\[|\]:/)
  })
})

describe('marking instead of withholding', () => {
  it('shows what is not borne out with its verdict and the nearest source', async () => {
    const marking = await openApp({ UNSUPPORTED_SENTENCES: 'mark' })
    engine.next(saying(`${built} ${lie}`))
    const reply = await marking.app.http.inject({
      method: 'POST',
      url: '/api/v1/chat',
      headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
      payload: JSON.stringify({ message: question }),
    })
    const { text, citations, grounding } = reply.json()
    assert.equal(text, `${built} ${lie}`)
    const last = citations.at(-1)
    assert.deepEqual([last.verdict, last.source, text.slice(...last.sentence)], ['unsupported', 1, lie])
    assert.ok(last.checks.some(({ ok }: { ok: boolean }) => !ok))
    assert.deepEqual([grounding.unsupported, grounding.withheld], [1, 0])
    assert.ok(grounding.score < 1)
    await marking.close()
  })
})

describe('an engine that fails', () => {
  const faults: [why: string, act: ReturnType<typeof saying>][] = [
    ['refuses the key', refusing(401)],
    ['sends garbage', sending('data: {{{\n\n')],
    ['breaks off before its first sentence', sending(token('The harbour of'))],
    ['says nothing', sending(`${finish()}data: [DONE]\n\n`)],
    ['is no engine', sending('<html>', 'text/html')],
  ]
  for (const [why, act] of faults) {
    it(`is stood in for by the pages: it ${why}`, async () => {
      // Each on an app of its own: the breaker counts them.
      const app = await openApp()
      engine.next(act)
      const stream = await askStream({ url: app.url, person: ada }, { message: question })
      const frames = await stream.rest()
      assert.match(textOf(frames), /^The harbour of Emden was built in 1847\. \[1\]/)
      assert.equal(frames.at(-1)?.part.type, 'finish')
      const [usage] = dataOf(frames, 'usage') as [{ model: string }]
      assert.equal(usage.model, 'extractive')
      assert.equal(stepsOf(frames).at(-1), 'quoting')
      const [citation] = dataOf(frames, 'citation') as [{ verdict: string; span: number[]; source: number }]
      assert.equal(citation.verdict, 'supported')
      await app.close()
    })
  }

  it('after sentences that were seen leaves them, says that it failed, and ends', async () => {
    engine.next((call) => {
      begin(call)
      for (const each of tokensOf(`${built} The`)) call.response.write(token(each))
      call.response.end()
    })
    const stream = await askStream({ url: test.url, person: ada }, { message: question })
    const frames = await stream.rest()
    assert.ok(stream.isDone())
    assert.equal(textOf(frames), built)
    assert.deepEqual(typesOf(frames).slice(-5), ['text-end', 'error', 'data-grounding', 'data-usage', 'finish'])
    const [{ conversationId }] = dataOf(frames, 'turn') as [{ conversationId: string }]
    const { body } = await ada.call('GET', `/chat/conversations/${conversationId}/messages`)
    assert.deepEqual([body.items[1].state, body.items[1].content, body.items[1].model], ['failed', built, 'scripted-1'])
    assert.ok(body.items[1].tokens > 0)
  })

  it('again and again is left alone, and nobody waits for it', async () => {
    const app = await openApp()
    engine.always(refusing(401))
    const asked = async () => {
      const stream = await askStream({ url: app.url, person: ada }, { message: question })
      assert.match(textOf(await stream.rest()), /1847/)
    }
    const calls = await callsDuring(async () => {
      for (let n = 0; n < 7; n += 1) await asked()
    })
    assert.equal(calls, 5)
    await app.close()
  })

  it('that hangs is left at its deadline', async () => {
    const app = await openApp({ LLM_FIRST_TOKEN_TIMEOUT_SECONDS: '1' })
    engine.next(silence)
    const stream = await askStream({ url: app.url, person: ada }, { message: question })
    const frames = await stream.rest()
    assert.match(textOf(frames), /1847/)
    await engine.calls.at(-1)?.closed
    await app.close()
  })
})

describe('a turn of a model', () => {
  it('that is stopped keeps what was said and leaves the engine', async () => {
    engine.next(hangingAfter(`${built} ${mole.slice(0, 20)}`))
    const stream = await askStream({ url: test.url, person: ada }, { message: question })
    const { turnId, conversationId } = (await stream.until(({ type }) => type === 'data-turn')).part.data as Record<
      string,
      string
    >
    await stream.until(({ type }) => type === 'text-delta')
    await ada.call('POST', `/chat/turns/${turnId}/stop`)
    const frames = await stream.rest()
    assert.equal(textOf(frames), built)
    await engine.calls.at(-1)?.closed
    const { body } = await ada.call('GET', `/chat/conversations/${conversationId}/messages`)
    assert.deepEqual([body.items[1].state, body.items[1].content], ['stopped', built])
    assert.ok(body.items[1].tokens > 0)
  })

  it('goes on when its reader leaves, who finds the same text when it comes back, also from another process', async () => {
    const other = await openApp({}, false)
    const goOn = Promise.withResolvers<void>()
    engine.next(async (call) => {
      begin(call)
      for (const each of tokensOf(`${built} T`)) call.response.write(token(each))
      await goOn.promise
      for (const each of tokensOf(`${mole.slice(1)}`)) call.response.write(token(each))
      call.response.end(finish())
    })
    const stream = await askStream({ url: test.url, person: ada }, { message: question })
    const { id } = await stream.until(({ type }) => type === 'text-delta')
    const [{ turnId }] = dataOf(stream.frames, 'turn') as [{ turnId: string }]
    stream.drop()
    goOn.resolve()
    const read = stream.frames.filter((frame) => frame.id <= id)
    const [first, second] = [
      await resume({ url: test.url, person: ada }, turnId, id),
      await resume({ url: other.url, person: ada }, turnId),
    ]
    const frames = [...read, ...(await first.rest())]
    assert.deepEqual(idsOf(frames), upTo(frames.length))
    assert.deepEqual(frames, await second.rest())
    assert.equal(textOf(frames), `${built} ${mole}`)
    await other.close()
  })

  it('whose process died is made again by the next, with a call of its own', async () => {
    engine.next(hangingAfter(`${built} T`), saying(mole))
    const dying = await openApp()
    const stream = await askStream({ url: dying.url, person: ada }, { message: question })
    const { id } = await stream.until(({ type }) => type === 'text-delta')
    const [{ turnId }] = dataOf(stream.frames, 'turn') as [{ turnId: string }]
    stream.drop()
    await test.admin.exec(
      `update journals set lease_holder = '${randomUUID()}', lease_until = now() - interval '1 minute' where id = '${turnId}'`,
    )
    const next = await openApp()
    const resumed = await resume({ url: next.url, person: ada }, turnId, id)
    const frames = [...stream.frames.filter((frame) => frame.id <= id), ...(await resumed.rest())]
    assert.deepEqual(idsOf(frames), upTo(frames.length))
    assert.deepEqual(dataOf(frames, 'superseded'), [{ textId: 'text-1' }])
    assert.equal(textOf(frames), mole)
    await dying.close()
    await next.close()
  })
})

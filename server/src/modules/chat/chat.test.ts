import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { TestApp } from '#testing/app.ts'
import { newPerson, type Person } from '#testing/people.ts'
import {
  askStream,
  dataOf,
  idsOf,
  openHome,
  resume,
  type ScriptedTutor,
  sentence,
  sourcesOn,
  textOf,
  typesOf,
  upTo,
} from './testing.ts'

/** Bytes, UTF-16 units and characters differ on it. */
const pageText = `# Häfen 🌊

Der Hafen von Emden wurde 1847 gebaut. Er ist 12 µm — nein, 12 m tief. The moon 🌙 pulls the water of the sea.
`
const emden = 'Der Hafen von Emden wurde 1847 gebaut.'
const moon = 'The moon 🌙 pulls the water of the sea.'

let test: TestApp
let tutor: ScriptedTutor
let ada: Person
let page: { documentId: string; text: string }

before(async () => {
  ;({ test, tutor } = await openHome())
  ada = await newPerson(test)
  const { body: document } = await ada.read('haefen.md', pageText)
  const { body } = await ada.call('GET', `/documents/${document.id}/pages/1`)
  page = { documentId: document.id, text: body.text }
})

/** What most answers here say. */
const answer = async (message: string): Promise<void> => {
  const run = await tutor.asked(message)
  run.say({ kind: 'status', step: 'searching' }, sourcesOn(page, [emden, moon]), sentence(emden, 1), sentence(moon, 2))
  run.end()
}

const ask = (message: string, more: Record<string, unknown> = {}) => {
  const asked = ada.call('POST', '/chat', { message, ...more })
  return asked
}

describe('an answer on the stream', () => {
  it('is a UI message stream v1 with ids from 1', async () => {
    const asked = askStream({ url: test.url, person: ada }, { message: 'shape' })
    await answer('shape')
    const stream = await asked
    const { headers, status } = stream
    assert.equal(status, 200)
    assert.equal(headers['x-vercel-ai-ui-message-stream'], 'v1')
    assert.equal(headers['content-type'], 'text/event-stream; charset=utf-8')
    assert.equal(headers['cache-control'], 'no-cache, no-transform')
    assert.equal(headers['x-accel-buffering'], 'no')
    const frames = await stream.rest()
    assert.ok(stream.isDone())
    assert.deepEqual(idsOf(frames), upTo(frames.length))
    assert.deepEqual(typesOf(frames), [
      'start',
      'data-turn',
      'data-status',
      'data-source',
      'source-document',
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
  })

  it('is the same answer as the one in JSON', async () => {
    const streaming = askStream({ url: test.url, person: ada }, { message: 'same' })
    await answer('same')
    const frames = await (await streaming).rest()
    const asking = ask('same')
    await answer('same')
    const { status, body } = await asking
    assert.equal(status, 200)
    assert.equal(textOf(frames), body.text)
    assert.deepEqual(dataOf(frames, 'source'), body.sources)
    assert.deepEqual(dataOf(frames, 'citation'), body.citations)
    const [grounding] = dataOf(frames, 'grounding') as [{ score: number; refused: boolean }]
    assert.equal(grounding.score, body.grounding.score)
    assert.equal(grounding.refused, body.refused)
    assert.equal(body.usage.model, 'scripted')
  })

  it('quotes the page byte for byte, and cites sentences of its own text', async () => {
    const asking = ask('bytes')
    await answer('bytes')
    const { body } = await asking
    assert.deepEqual(
      body.sources.map(({ quote }: { quote: string }) => quote),
      [emden, moon],
    )
    for (const { quote, start, end } of body.sources) assert.equal(page.text.slice(start, end), quote)
    const cited = body.citations.map(({ sentence: [from, to] }: { sentence: [number, number] }) =>
      body.text.slice(from, to),
    )
    assert.deepEqual(cited, [emden, moon])
    assert.equal(body.text, `${emden} [1] ${moon} [2]`)
  })

  it('withholds a sentence that its quote does not bear out, from everybody', async () => {
    const lie = 'Der Hafen von Emden wurde 1947 gebaut.'
    const asked = askStream({ url: test.url, person: ada }, { message: 'lie' })
    const run = await tutor.asked('lie')
    const forged = sourcesOn(page, [emden, lie])
    run.say(forged, sentence(lie, 1), sentence(lie, 2), sentence(lie, 3), sentence(emden, 1))
    run.end()
    const frames = await (await asked).rest()
    const [{ conversationId, turnId }] = dataOf(frames, 'turn') as [{ conversationId: string; turnId: string }]
    const said = frames.filter(({ part }) => part.type === 'text-delta' || part.type === 'data-citation')
    assert.doesNotMatch(JSON.stringify(said), /1947/)
    assert.equal(textOf(frames), `${emden} [1]`)
    const [written] = await test.admin.exec(
      `select part from journal_entries where journal_id = '${turnId}' and part like '%1947%' and part not like '%"data-source"%'`,
    )
    assert.deepEqual(written?.rows, [])
    const { body } = await ada.call('GET', `/chat/conversations/${conversationId}/messages`)
    assert.equal(body.items[1].content, `${emden} [1]`)
    assert.equal(body.items[1].grounding.withheld, 3)
  })

  it('is a refusal when nothing of it is borne out', async () => {
    const asking = ask('Wann wurde der Hafen von Emden gebaut und von wem?')
    const run = await tutor.asked('Wann wurde der Hafen von Emden gebaut und von wem?')
    run.say(sourcesOn(page, [emden]), sentence('Der Hafen wurde von Riesen gebaut.', 1))
    run.end()
    const { body } = await asking
    assert.equal(body.refused, true)
    assert.equal(body.text, 'Auf deinen Seiten steht das nicht.')
    assert.deepEqual(body.citations, [])
    assert.equal(body.sources.length, 1)
    assert.equal(body.grounding.withheld, 1)
  })

  it('holds no text that a database cannot hold', async () => {
    const asking = ask('no text')
    const run = await tutor.asked('no text')
    run.say(sentence('Half a pair \ud83c and a \0 NUL.'))
    run.end()
    const { body } = await asking
    assert.equal(body.text, 'Half a pair \ufffd and a  NUL.')
  })
})

describe('a question', () => {
  it('is saved before anything is answered', async () => {
    const asked = askStream({ url: test.url, person: ada }, { message: 'saved first' })
    const run = await tutor.asked('saved first')
    const { body: list } = await ada.call('GET', '/chat/conversations?limit=1')
    assert.equal(list.items[0].title, 'saved first')
    const { body } = await ada.call('GET', `/chat/conversations/${list.items[0].id}/messages`)
    const states = body.items.map(({ role, content, state }: Record<string, string>) => [role, content, state])
    assert.deepEqual(states, [
      ['user', 'saved first', 'complete'],
      ['assistant', '', 'running'],
    ])
    run.end()
    await (await asked).rest()
  })

  it('waits for the one before it in the same conversation', async () => {
    const first = await askStream({ url: test.url, person: ada }, { message: 'first' })
    const run = await tutor.asked('first')
    const { part } = await first.until(({ type }) => type === 'data-turn')
    const { conversationId } = part.data as { conversationId: string }
    const second = await askStream({ url: test.url, person: ada }, { message: 'second', conversationId })
    // A conversation of its own overtakes it: by now the second would have been asked.
    const elsewhere = ask('elsewhere')
    await answer('elsewhere')
    assert.equal((await elsewhere).status, 200)
    run.end()
    await first.rest()
    await answer('second')
    const frames = await second.rest()
    assert.deepEqual(idsOf(frames), upTo(frames.length))
    const order = tutor.log.filter((line) => /^(asked|ended) (first|second|elsewhere)$/.test(line))
    assert.deepEqual(order, [
      'asked first',
      'asked elsewhere',
      'ended elsewhere',
      'ended first',
      'asked second',
      'ended second',
    ])
    const { body } = await ada.call('GET', `/chat/conversations/${conversationId}/messages`)
    const questions = body.items.filter(({ role }: { role: string }) => role === 'user')
    assert.deepEqual(
      questions.map(({ content }: { content: string }) => content),
      ['first', 'second'],
    )
    assert.equal(body.items[2].parentId, body.items[1].id)
  })

  it('that cannot be answered says so, and the next one is answered', async () => {
    const asked = await askStream({ url: test.url, person: ada }, { message: 'fails' })
    const run = await tutor.asked('fails')
    run.say(sentence('It begins well.'))
    run.fail(new Error('the engine is on fire'))
    const frames = await asked.rest()
    assert.ok(asked.isDone())
    assert.deepEqual(typesOf(frames).slice(-5), ['text-end', 'error', 'data-grounding', 'data-usage', 'finish'])
    assert.doesNotMatch(JSON.stringify(frames), /on fire/)
    const [{ conversationId }] = dataOf(frames, 'turn') as [{ conversationId: string }]
    const { body } = await ada.call('GET', `/chat/conversations/${conversationId}/messages`)
    assert.equal(body.items[1].state, 'failed')
    assert.equal(body.items[1].content, 'It begins well.')

    const asJson = ask('fails too', { conversationId })
    ;(await tutor.asked('fails too')).fail(new Error('the engine is on fire'))
    const refusal = await asJson
    assert.equal(refusal.status, 500)
    assert.equal(refusal.body.code, 'internal_error')

    const next = ask('goes on', { conversationId })
    await answer('goes on')
    assert.equal((await next).body.text, `${emden} [1] ${moon} [2]`)
  })
})

describe('stopping', () => {
  it('keeps what was said, also of a tutor that does not heed it', async () => {
    const asked = await askStream({ url: test.url, person: ada }, { message: 'stop me' })
    const run = await tutor.asked('stop me')
    run.say(sourcesOn(page, [emden, moon]), sentence(emden, 1))
    const turn = (await asked.until(({ type }) => type === 'data-turn')).part.data as Record<string, string>
    await asked.until(({ type }) => type === 'text-delta')
    const { status } = await ada.call('POST', `/chat/turns/${turn.turnId}/stop`)
    assert.equal(status, 202)
    const frames = await asked.rest()
    assert.ok(asked.isDone())
    assert.equal(textOf(frames), `${emden} [1]`)
    assert.ok(run.question.signal.aborted)
    run.say(sentence(moon, 2))
    const { body } = await ada.call('GET', `/chat/conversations/${turn.conversationId}/messages`)
    assert.equal(body.items[1].state, 'stopped')
    assert.equal(body.items[1].content, `${emden} [1]`)
    assert.equal((await ada.call('POST', `/chat/turns/${turn.turnId}/stop`)).status, 202)
  })

  it('and following are the owner’s alone', async () => {
    const asked = await askStream({ url: test.url, person: ada }, { message: 'mine' })
    const run = await tutor.asked('mine')
    const turn = (await asked.until(({ type }) => type === 'data-turn')).part.data as Record<string, string>
    const colleague = await newPerson(test, { institutionId: ada.institutionId })
    for (const other of [colleague, await newPerson(test)]) {
      const stop = await other.call('POST', `/chat/turns/${turn.turnId}/stop`)
      assert.deepEqual([stop.status, stop.body.code], [404, 'turn_not_found'])
      const stream = await resume({ url: test.url, person: other }, String(turn.turnId))
      assert.equal(stream.status, 404)
      stream.drop()
      assert.equal((await other.call('GET', `/chat/conversations/${turn.conversationId}/messages`)).status, 404)
      const intruding = await other.call('POST', '/chat', { message: 'x', conversationId: turn.conversationId })
      assert.deepEqual([intruding.status, intruding.body.code], [404, 'conversation_not_found'])
    }
    assert.ok(!run.question.signal.aborted)
    run.end()
    await asked.rest()
  })
})

describe('conversations', () => {
  const exchange = async (person: Person, message: string, conversationId?: string): Promise<string> => {
    const asked = person.call('POST', '/chat', { message, ...(conversationId && { conversationId }) })
    const run = await tutor.asked(message)
    run.end()
    return (await asked).body.conversationId
  }

  it('are listed newest first, page by page, with a title from the first question', async () => {
    const eva = await newPerson(test)
    const long = `${'A question that is much too long for a title '.repeat(4)}\nand more`
    const ids: string[] = []
    for (const message of ['What are tides?\nPlease.', long.trim(), 'third']) ids.push(await exchange(eva, message))
    await exchange(eva, 'again', ids[0])
    const first = (await eva.call('GET', '/chat/conversations?limit=2')).body
    const second = (await eva.call('GET', `/chat/conversations?limit=2&cursor=${first.nextCursor}`)).body
    const items = [...first.items, ...second.items]
    assert.deepEqual(
      items.map(({ id }: { id: string }) => id),
      [ids[0], ids[2], ids[1]],
    )
    assert.equal(second.nextCursor, null)
    assert.equal(items[0].title, 'What are tides?')
    assert.equal(items[0].messageCount, 4)
    assert.match(items[2].title, /^A question .*…$/)
    assert.ok(items[2].title.length <= 81)
    assert.equal((await eva.call('GET', '/chat/conversations?cursor=made-up')).status, 422)
  })

  it('give their messages oldest first, page by page, and are gone when deleted', async () => {
    const eva = await newPerson(test)
    const id = await exchange(eva, 'one')
    await exchange(eva, 'two', id)
    await exchange(eva, 'three', id)
    const first = (await eva.call('GET', `/chat/conversations/${id}/messages?limit=4`)).body
    const second = (await eva.call('GET', `/chat/conversations/${id}/messages?limit=4&cursor=${first.nextCursor}`)).body
    const items = [...first.items, ...second.items]
    assert.deepEqual(
      items.map(({ role, content }: Record<string, string>) => (role === 'user' ? content : role)),
      ['one', 'assistant', 'two', 'assistant', 'three', 'assistant'],
    )
    assert.equal(second.nextCursor, null)
    assert.equal((await eva.call('DELETE', `/chat/conversations/${id}`)).status, 204)
    assert.equal((await eva.call('GET', `/chat/conversations/${id}/messages`)).status, 404)
    assert.deepEqual((await eva.call('GET', '/chat/conversations')).body.items, [])
  })
})

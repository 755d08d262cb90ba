import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError, ConnectionError } from '@lyceum/contract/client'
import { type TurnState, textOf } from './turn-state.ts'
import { createTurns, type TurnsNeeds } from './turns.ts'

const conversationId = '01a1f8b4-36c7-70b6-9b0c-9b8e5f3e1a7b'
const turnId = '01a1f8b4-36c7-70b6-9b0c-9b8e5f3e1a7c'

const parts: object[] = [
  { type: 'start', messageId: 'm' },
  { type: 'data-turn', data: { conversationId, turnId } },
  { type: 'data-status', data: { step: 'searching' } },
  { type: 'text-start', id: 'text-1' },
  { type: 'text-delta', id: 'text-1', delta: 'Spring tides ' },
  { type: 'text-delta', id: 'text-1', delta: 'come twice a month.' },
  { type: 'text-end', id: 'text-1' },
  { type: 'data-something-new', data: 1 },
  { type: 'finish' },
]

/** The stream from `from` (included) to `to`; one that ends early breaks. */
const stream = (all: object[], from: number, to: number): Response => {
  const frames = all.slice(from, to).map((part, at) => `id: ${from + at + 1}\ndata: ${JSON.stringify(part)}\n\n`)
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const frame of frames) controller.enqueue(new TextEncoder().encode(frame))
    },
    pull: (controller) => {
      if (to < all.length) controller.error(new TypeError('network error'))
      else controller.close()
    },
  })
  return new Response(body)
}

interface Given {
  /** What each call gives, in order. */
  answers: (Response | Error)[]
}

const follow = async ({
  answers,
}: Given): Promise<{ turn: TurnState; calls: (string | undefined)[]; waits: number[] }> => {
  const calls: (string | undefined)[] = []
  const waits: number[] = []
  const turn = await new Promise<TurnState>((resolve) => {
    const open: TurnsNeeds['api']['open'] = async (_, { headers }) => {
      calls.push(headers?.['last-event-id'])
      const answer = answers.shift()
      if (answer instanceof Response) return answer
      throw answer ?? new Error('one call too many')
    }
    const api = { open, call: async () => assert.fail('nothing else is called') }
    const wait = async (ms: number): Promise<void> => void waits.push(ms)
    createTurns({ api, wait, onEnd: resolve }).ask({ message: 'When?' })
  })
  return { turn, calls, waits }
}

const refusal = new ApiError({
  type: 't',
  title: 't',
  status: 429,
  detail: 'd',
  success: false,
  code: 'rate_limited',
  requestId: 'r',
})

describe('a turn', () => {
  it('is read to its end', async () => {
    const { turn, calls } = await follow({ answers: [stream(parts, 0, parts.length)] })
    assert.equal(turn.phase, 'done')
    assert.equal(textOf(turn), 'Spring tides come twice a month.')
    assert.deepEqual([turn.conversationId, turn.turnId], [conversationId, turnId])
    assert.deepEqual(calls, [undefined])
  })

  it('goes on where the connection broke, and says nothing twice', async () => {
    const answers = [
      stream(parts, 0, 5),
      new ConnectionError('away'),
      stream(parts, 5, 6),
      stream(parts, 6, parts.length),
    ]
    const { turn, calls, waits } = await follow({ answers })
    assert.equal(turn.phase, 'done')
    assert.equal(textOf(turn), 'Spring tides come twice a month.')
    assert.equal(turn.isConnectionLost, false)
    assert.deepEqual(calls, [undefined, '5', '5', '6'])
    assert.ok(waits.every((ms) => ms <= 10_000))
  })

  it('says so when it was not taken', async () => {
    const { turn } = await follow({ answers: [refusal] })
    assert.deepEqual([turn.phase, turn.error], ['failed', refusal])
  })

  it('says so when the server was not reached', async () => {
    const { turn } = await follow({ answers: [new ConnectionError('away')] })
    assert.equal(turn.phase, 'failed')
    assert.ok(turn.error instanceof ConnectionError)
  })

  it('stops trying when the server has no such turn any more', async () => {
    const { turn } = await follow({ answers: [stream(parts, 0, 4), refusal] })
    assert.equal(turn.phase, 'failed')
  })

  it('drops what is superseded, with its citations and sources', async () => {
    const source = { n: 1, documentId: turnId, title: 'T', version: 1, page: 1, quote: 'q', start: 0, end: 1 }
    const citation = { sentence: [0, 3], source: 1, verdict: 'supported', checks: [] }
    const again = [
      ...parts.slice(0, 2),
      { type: 'data-source', data: source },
      { type: 'text-start', id: 'text-1' },
      { type: 'data-citation', data: citation },
      { type: 'text-delta', id: 'text-1', delta: 'Old.' },
      { type: 'data-superseded', data: { textId: 'text-1' } },
      { type: 'text-start', id: 'text-2' },
      { type: 'text-delta', id: 'text-2', delta: 'New.' },
      { type: 'data-grounding', data: { score: 1, unsupported: 0, withheld: 2, refused: false } },
      { type: 'finish' },
    ]
    const { turn } = await follow({ answers: [stream(again, 0, again.length)] })
    assert.equal(textOf(turn), 'New.')
    assert.deepEqual(turn.sources, [])
    assert.deepEqual(turn.texts[0]?.citations, [])
    assert.equal(turn.grounding?.withheld, 2)
  })

  it('stays failed when the stream says so before it ends', async () => {
    const failing = [...parts.slice(0, 2), { type: 'error', errorText: 'no' }, { type: 'finish' }]
    const { turn } = await follow({ answers: [stream(failing, 0, failing.length)] })
    assert.equal(turn.phase, 'failed')
  })
})

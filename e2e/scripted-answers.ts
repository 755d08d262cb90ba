/**
 * A front of the real server that gives answers from a script, part by part as the contract has them: so the page can
 * be shown what a model may say, and at which moment. Everything else goes through to the server behind it.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answered, messagesOf, type Part, partsOf, type Script } from './script.ts'

export interface ScriptedServer {
  url: string
  /** What is said to a question; others are answered by the server. */
  script: (question: string, script: Script) => void
  /** Lets an answer go on that waits. */
  release: () => void
  stop: () => Promise<void>
}

interface Turn extends Answered {
  parts: Part[]
  isStopped: boolean
  /** Wakes who reads along. */
  readers: Set<() => void>
}

interface Call {
  /** Turns that the call is about. */
  of: Turn[]
  incoming: IncomingMessage
  outgoing: ServerResponse
}

export const startScripted = async (behind: string): Promise<ScriptedServer> => {
  const scripts = new Map<string, Script>()
  const turns: Turn[] = []
  const waiting: (() => void)[] = []
  const release = (): void => {
    for (const go of waiting.splice(0)) go()
  }
  const held = (): Promise<void> => new Promise((resolve) => waiting.push(resolve))
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing).catch((error: unknown) =>
      outgoing.destroy(error instanceof Error ? error : undefined),
    )
  })

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { pathname } = new URL(incoming.url ?? '/', behind)
    if (pathname === '/api/v1/chat' && incoming.method === 'POST') return ask(incoming, outgoing)
    const [, id, verb = ''] = /^\/api\/v1\/chat\/(?:turns|conversations)\/([\w-]+)(?:\/(\w+))?$/.exec(pathname) ?? []
    const of = turns.filter(({ turnId, conversationId }) => id === turnId || id === conversationId)
    if (!of[0]) return pass(incoming, outgoing, behind)
    return answerOf(of[0], verb, { of, incoming, outgoing })
  }

  const answerOf = async (turn: Turn, verb: string, { of, incoming, outgoing }: Call): Promise<void> => {
    if (verb === 'stream') return tell(turn, Number(incoming.headers['last-event-id'] ?? 0), outgoing)
    if (verb === 'stop') return stopTurn(turn, outgoing)
    json(
      outgoing,
      verb === 'messages' ? { items: of.flatMap(messagesOf), nextCursor: null } : conversationOf(turn, of.length),
    )
  }

  const ask = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await textOf(incoming)
    const question: { message: string; conversationId?: string } = JSON.parse(body)
    const script = scripts.get(question.message)
    if (!script) return pass(incoming, outgoing, behind, body)
    const conversationId = question.conversationId ?? randomUUID()
    const ids = { conversationId, turnId: randomUUID(), answerId: randomUUID(), questionId: randomUUID() }
    const turn: Turn = {
      ...ids,
      question: question.message,
      script,
      said: [],
      state: 'running',
      parts: [],
      isStopped: false,
      readers: new Set(),
    }
    turns.push(turn)
    void play(turn)
    await tell(turn, 0, outgoing)
  }

  const beat = async (turn: Turn, part: Part | 'hold' | number): Promise<void> => {
    if (part === 'hold') return held()
    if (typeof part === 'number') return new Promise((resolve) => setTimeout(resolve, part))
    say(turn, part)
  }

  const play = async (turn: Turn): Promise<void> => {
    for (const part of partsOf(turn)) {
      if (turn.isStopped) break
      await beat(turn, part)
    }
    turn.state = turn.isStopped ? 'stopped' : 'complete'
    say(turn, { type: turn.isStopped ? 'abort' : 'finish' })
  }

  const stopTurn = (turn: Turn, outgoing: ServerResponse): void => {
    turn.isStopped = true
    release()
    outgoing.writeHead(202).end()
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    script: (question, script) => void scripts.set(question, script),
    release,
    stop: async () => {
      release()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const say = (turn: Turn, part: Part): void => {
  turn.parts.push(part)
  turn.said.push(part)
  for (const wake of turn.readers) wake()
}

/** The stream from a part on, to its end. */
const tell = async (turn: Turn, from: number, outgoing: ServerResponse): Promise<void> => {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'x-vercel-ai-ui-message-stream': 'v1' })
  for (let at = from; ; at += 1) {
    while (at >= turn.parts.length) {
      await new Promise<void>((resolve) => turn.readers.add(resolve))
      turn.readers.clear()
    }
    const part = turn.parts[at]
    outgoing.write(`id: ${at + 1}\ndata: ${JSON.stringify(part)}\n\n`)
    if (part?.type === 'finish' || part?.type === 'abort') break
  }
  outgoing.end('data: [DONE]\n\n')
}

const conversationOf = ({ conversationId, question }: Turn, count: number) => {
  const at = new Date().toISOString()
  return {
    id: conversationId,
    title: question,
    topic: null,
    courseId: null,
    messageCount: 2 * count,
    lastMessageAt: at,
    totalTokens: 0,
    favourite: false,
    archived: false,
    createdAt: at,
    updatedAt: at,
  }
}

const json = (outgoing: ServerResponse, body: object): void => {
  outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const textOf = async (incoming: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** Host and origin stay those of the front, which is the address that the page knows. */
const pass = (incoming: IncomingMessage, outgoing: ServerResponse, behind: string, body?: string): void => {
  const { hostname, port } = new URL(behind)
  const { method = 'GET', url = '/', headers } = incoming
  const onward = request({ hostname, port, method, path: url, headers }, (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, reply.headers)
    reply.pipe(outgoing)
  })
  onward.on('error', () => outgoing.destroy())
  if (body === undefined) incoming.pipe(onward)
  else onward.end(body)
}

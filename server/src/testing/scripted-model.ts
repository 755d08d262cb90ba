/** An OpenAI-compatible server on loopback that does what a test's script says, call by call. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { json } from 'node:stream/consumers'

export interface ScriptedCall {
  headers: IncomingHttpHeaders
  path: string
  body: {
    model: string
    messages: { role: string; content: string }[]
    stream: boolean
    max_tokens?: number
    [name: string]: unknown
  }
  response: ServerResponse
  /** Resolves when the connection of this call is closed. */
  closed: Promise<void>
}

/** What a call does. It has ended when it resolves; one that never does hangs. */
export type Act = (call: ScriptedCall) => void | Promise<void>

export interface ScriptedModel {
  url: string
  calls: ScriptedCall[]
  /** What the next calls do, one after the other. */
  next(...acts: Act[]): void
  /** What every call does for which nothing is said. */
  always(act: Act): void
  /** Resolves with the call after those that were taken before. */
  called(): Promise<ScriptedCall>
  /** Connections that are open. */
  openSockets(): number
  close(): Promise<void>
}

export const openScriptedModel = async (): Promise<ScriptedModel> => {
  const [calls, acts, sockets] = [[] as ScriptedCall[], [] as Act[], new Set<Socket>()]
  const waiting: ((call: ScriptedCall) => void)[] = []
  let [usual, taken] = [saying('Nothing was scripted.'), 0]
  const server = createServer(async (request, response) => {
    const body = (await json(request).catch(() => ({}))) as ScriptedCall['body']
    const closed = once(response, 'close').then(() => undefined)
    const call = { headers: request.headers, path: request.url ?? '', body, response, closed }
    calls.push(call)
    waiting.shift()?.(call)
    await (acts.shift() ?? usual)(call)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    next: (...more) => void acts.push(...more),
    always: (act) => {
      usual = act
    },
    called: () => {
      taken += 1
      const call = calls[taken - 1]
      return call ? Promise.resolve(call) : new Promise((resolve) => waiting.push(resolve))
    },
    openSockets: () => sockets.size,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

export const begin = ({ response }: ScriptedCall): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
}

export const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
export const token = (content: string): string => event({ choices: [{ index: 0, delta: { content } }] })
export const finish = (reason = 'stop'): string => event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] })

/** A text as tokens of a few characters, as models cut it: a space goes with the word behind it. */
export const tokensOf = (text: string): string[] => text.match(/\s*[\p{L}\p{N}]{1,6}|\s*[^\p{L}\p{N}\s]|\s+/gu) ?? []

/** The whole body of an answer. */
export const bodyOf = (text: string, usage: unknown = { prompt_tokens: 100, completion_tokens: 20 }): string =>
  [...tokensOf(text).map(token), finish(), event({ choices: [], usage }), event('[DONE]')].join('')

/** Says a text, token by token, and ends well. */
export const saying =
  (text: string, usage?: unknown): Act =>
  (call) => {
    begin(call)
    for (const part of bodyOf(text, usage).split(/(?<=\n\n)/)) call.response.write(part)
    call.response.end()
  }

/** Sends the beginning of an answer and then nothing more. */
export const hangingAfter =
  (text: string): Act =>
  (call) => {
    begin(call)
    for (const each of tokensOf(text)) call.response.write(token(each))
  }

/** Sends these bytes as the body of an answer and closes the connection. */
export const sending =
  (body: string | Uint8Array, contentType = 'text/event-stream'): Act =>
  ({ response }) => {
    response.writeHead(200, { 'content-type': contentType })
    response.end(body)
  }

/** Refuses. */
export const refusing =
  (status: number, body: unknown = { error: { message: 'no' } }, headers: Record<string, string> = {}): Act =>
  ({ response }) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }

/** Does nothing at all: not even headers come. */
export const silence: Act = () => undefined

/**
 * An OpenAI-compatible embedding engine on loopback that does what a test says. A vector counts how often each
 * known meaning is named in a text, whatever the word, so that a paraphrase is near without sharing one.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface EmbeddingCall {
  model: string
  input: string[]
  authorization: string | undefined
}

export interface EmbeddingServer {
  /** For `EMBEDDING_BASE_URL`. */
  url: string
  /** Requests so far, in order. */
  calls: EmbeddingCall[]
  /** What it does from now on; null for vectors. The script may hold the call as long as it likes. */
  script: ((call: EmbeddingCall, reply: ServerResponse) => boolean | Promise<boolean>) | null
  /** Dimensions of a model that is not named here: one more than there are meanings. */
  dimensions: Map<string, number>
  close(): Promise<void>
}

/** Each line is one meaning; its words stand for the same. */
const meanings = [
  'physician doctor medic',
  'car automobile vehicle',
  'moon lunar tide tides',
  'harbour port haven',
  'closed shut',
  'night darkness',
].map((line) => new Set(line.split(' ')))

/** The last place is 1, so that a text without any meaning has a direction as well. */
export const meaningOf = (text: string, dimension = meanings.length + 1): number[] => {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
  const counts = meanings.map((meaning) => 10 * words.filter((word) => meaning.has(word)).length)
  return Array.from({ length: dimension }, (_, at) => (at === dimension - 1 ? 1 : (counts[at] ?? 0)))
}

export const startEmbeddingServer = async (): Promise<EmbeddingServer> => {
  const server = createServer((request, reply) => void answer(request, reply))
  const answer = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const { model, input } = JSON.parse(await textOf(request))
    const call: EmbeddingCall = { model, input, authorization: request.headers.authorization }
    self.calls.push(call)
    if (await self.script?.(call, reply)) return
    const data = call.input.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: meaningOf(text, self.dimensions.get(model)),
    }))
    // Out of order on purpose: `index` says which is which.
    sendJson(reply, 200, { object: 'list', model, data: data.toReversed() })
  }
  const self: EmbeddingServer = {
    url: '',
    calls: [],
    script: null,
    dimensions: new Map(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  self.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  return self
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

export const sendJson = (reply: ServerResponse, status: number, body: unknown, headers = {}): boolean => {
  reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  return true
}

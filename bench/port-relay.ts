/** The model port alone: what a token has to pass between the engine and a socket, without gate and journal. */
import { createServer } from 'node:http'
import { createOpenAiChatModel } from '../server/src/modules/engines/index.ts'
import { systemClock } from '../server/src/platform/clock.ts'

const [upstream = ''] = process.argv.slice(2)
const model = createOpenAiChatModel({
  baseUrl: upstream,
  apiKey: null,
  model: 'bench',
  clock: systemClock,
  random: Math.random,
  limits: { firstTokenMs: 30_000, tokenMs: 15_000, answerMs: 60_000 },
})

const server = createServer(async (request, response) => {
  let text = ''
  for await (const bytes of request) text += bytes
  const leaving = new AbortController()
  response.on('close', () => leaving.abort(new Error('the reader left')))
  const { messages } = JSON.parse(text)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for await (const delta of model.stream({ messages, maxTokens: 500, temperature: 0, signal: leaving.signal })) {
    if (delta.kind === 'text') response.write(`data: ${JSON.stringify({ type: 'text-delta', delta: delta.text })}\n\n`)
  }
  response.end()
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
})
process.on('disconnect', () => process.exit(0))

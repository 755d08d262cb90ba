/**
 * An OpenAI-compatible server that says sentences of the material at a steady pace, cited from the prompt that it is
 * given; a process of its own. Tells its parent the port, and when it wrote the last token of each sentence.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { subjects } from './stream-material.ts'

const [pace = '20', sentences = '5'] = process.argv.slice(2)
const everyMs = 1000 / Number(pace)

const now = (): number => performance.timeOrigin + performance.now()

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const bytes of request) text += bytes
  return text
}

/** The sentences of the subject that is asked for, each with the number of the source it stands in. */
const answerTo = (prompt: string): { subject: number; said: string[] } => {
  const subject = Number(/harbour number (\d+)\?/.exec(prompt)?.[1] ?? 0)
  const said = (subjects[subject] ?? []).slice(0, Number(sentences)).map((sentence) => {
    const at = prompt.lastIndexOf(sentence)
    const number = [...prompt.slice(0, Math.max(0, at)).matchAll(/<source n="(\d+)"/g)].at(-1)?.[1] ?? '1'
    return `${sentence.slice(0, -1)} [${number}].`
  })
  return { subject, said }
}

/** Some four characters a token, as real ones have. */
const tokensOf = (text: string): string[] => text.match(/\s?\S{1,5}/g) ?? []

const frame = (content: string): string =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] })}\n\n`
const closing = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 900, completion_tokens: 100 } })}\n\ndata: [DONE]\n\n`

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const messages: { content: string }[] = JSON.parse(await bodyOf(request)).messages
  const { subject, said } = answerTo(messages.map(({ content }) => content).join('\n'))
  const tokens = said.flatMap((sentence, at) => {
    const of = tokensOf(at === 0 ? sentence : ` ${sentence}`)
    return of.map((text, place) => ({ text, endsSentence: place === of.length - 1 ? at : null }))
  })
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const startedAt = performance.now()
  for (const [place, { text, endsSentence }] of tokens.entries()) {
    const dueIn = startedAt + place * everyMs - performance.now()
    if (dueIn > 0) await new Promise((resolve) => setTimeout(resolve, dueIn))
    if (response.destroyed) return
    response.write(frame(text))
    if (endsSentence !== null) process.send?.({ subject, sentence: endsSentence, at: now() })
  }
  process.send?.({ subject, tokens: tokens.length })
  response.end(closing)
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
})
process.on('disconnect', () => process.exit(0))

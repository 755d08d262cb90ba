/** Opens many streams at once and notes when each sentence arrives; a process of its own. */
import { Agent, request } from 'node:http'
import { createParser } from 'eventsource-parser'
import { questionOn, subjects } from './stream-material.ts'

const [kind = 'pipe', url = '', authorization = '', streams = '1'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
const now = (): number => performance.timeOrigin + performance.now()

const callOf = (subject: number) =>
  kind === 'pipe'
    ? { path: '/', body: { stream: true, messages: [{ role: 'user', content: questionOn(subject) }] } }
    : { path: '/api/v1/chat', body: { message: questionOn(subject) } }

/** Tells the parent of each sentence as its beginning arrives. @returns takes the bytes of one stream */
const createWatch = (subject: number): { take(bytes: Buffer): void; seen(): number } => {
  const awaited = (subjects[subject] ?? []).map((sentence) => sentence.slice(0, 12))
  let next = 0
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data === '[DONE]') return
      const { type, delta } = JSON.parse(data)
      if (type !== 'text-delta') return
      while (next < awaited.length && String(delta).includes(awaited[next] ?? '')) {
        process.send?.({ subject, sentence: next, at: now() })
        next += 1
      }
    },
  })
  return { take: (bytes) => parser.feed(bytes.toString()), seen: () => next }
}

const read = (subject: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const { path, body } = callOf(subject)
    const watch = createWatch(subject)
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json', authorization }
    const call = request(`${url}${path}`, { method: 'POST', agent, headers }, (reply) => {
      if (reply.statusCode !== 200) return reject(new Error(`answered ${reply.statusCode}`))
      if (kind === 'pipe') reply.resume()
      else reply.on('data', watch.take)
      reply.on('end', () => {
        if (kind !== 'pipe' && watch.seen() === 0) reject(new Error(`no sentence came of ${questionOn(subject)}`))
        else resolve()
      })
    })
    call.on('error', reject)
    call.end(JSON.stringify(body))
  })

/** They come one after the other, as people do; all of them are open at once before the first ends. */
const apartMs = 40
const readLater = async (subject: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, subject * apartMs))
  await read(subject)
}

await Promise.all(Array.from({ length: Number(streams) }, (_, subject) => readLater(subject)))
process.send?.({ done: true }, () => process.exit(0))

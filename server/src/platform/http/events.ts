/** Server-sent events: a reader who is too slow is cut off and resumes by `Last-Event-ID`; nobody is held back for it. */
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Clock } from '../clock.ts'

export interface ServerEvent {
  id: number
  /** JSON text of the part. */
  data: string
}

/** What a reader may leave unread when more comes; then it is cut off. Answers are tens of kB, so only a dead reader gets there. */
const unreadLimitBytes = 1024 * 1024
/** Who has to catch up is given so much at a time, so that it gets on however much it missed. */
const sliceChars = 64 * 1024
/** Who takes nothing for this long while it has to catch up, or at the end, is cut off. */
const patienceMs = 10_000
const heartbeatMs = 15_000

/** Sends events until the source ends or the reader leaves. The source is told by its `return` when nobody reads any more. */
export const sendEvents = async (
  reply: FastifyReply,
  events: AsyncIterable<ServerEvent[]>,
  clock: Clock,
): Promise<void> => {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { ...reply.getHeaders(), ...eventStreamHeaders } as Record<string, string>)
  // So that the reader knows at once that it is connected, also while there is nothing to say.
  raw.flushHeaders()
  const stopBeating = clock.every(heartbeatMs, () => void raw.write(': beat\n\n'))
  const reader = events[Symbol.asyncIterator]()
  const leave = (): void => void reader.return?.()
  raw.on('close', leave)
  try {
    for (let next = await reader.next(); !next.done && !raw.destroyed; next = await reader.next()) {
      await send(raw, next.value, clock)
    }
    if (!raw.destroyed) raw.write('data: [DONE]\n\n')
  } catch (error) {
    // Without its last line the reader knows that there is more, and resumes.
    reply.log.warn({ err: error }, 'event stream cut off')
  } finally {
    stopBeating()
    leave()
    finish(raw, clock)
  }
}

/** News on top of too much that is unread ends the reading; what came at once, as after a resume, goes out slice by slice. */
const send = async (raw: ServerResponse, events: ServerEvent[], clock: Clock): Promise<void> => {
  if (raw.writableLength > unreadLimitBytes) raw.destroy()
  const slices = cut(events)
  for (const [at, slice] of slices.entries()) {
    if (raw.destroyed) return
    const isTaken = raw.write(slice)
    if (!isTaken && at < slices.length - 1) await drained(raw, clock)
  }
}

const cut = (events: ServerEvent[]): string[] => {
  const slices: string[] = []
  let slice = ''
  for (const event of events) {
    slice += asFrame(event)
    if (slice.length < sliceChars) continue
    slices.push(slice)
    slice = ''
  }
  return slice ? [...slices, slice] : slices
}

/** Resolves when the reader has taken all there was, or is gone. */
const drained = (raw: ServerResponse, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    const stopWaiting = clock.after(patienceMs, () => raw.destroy())
    const go = (): void => {
      stopWaiting()
      raw.off('drain', go).off('close', go)
      resolve()
    }
    raw.on('drain', go).on('close', go)
  })

/** A reader that does not take the rest must not hold up the server's way down. */
const finish = (raw: ServerResponse, clock: Clock): void => {
  if (raw.destroyed) return
  const stopWaiting = clock.after(patienceMs, () => raw.destroy())
  raw.on('close', stopWaiting)
  raw.end()
}

const asFrame = ({ id, data }: ServerEvent): string => `id: ${id}\ndata: ${data}\n\n`

const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  // The stream is the AI SDK's UI message stream, so that its clients read it unchanged.
  'x-vercel-ai-ui-message-stream': 'v1',
}

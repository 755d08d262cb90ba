/** What the tests of chat share: a tutor that says what the test says, a reader of streams, and an app of their own. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { after } from 'node:test'
import type { Source } from '@lyceum/contract/chat'
import type { Driver } from '#platform/db/driver.ts'
import { openTestApp, type TestApp } from '#testing/app.ts'
import { openTestDatabase, type TestDatabase } from '#testing/database.ts'
import type { Person } from '#testing/people.ts'
import type { Part } from './parts.ts'
import type { Draft, Tutor, TutorQuestion } from './tutor.ts'

/** One time that the tutor was asked. */
export interface Run {
  question: TutorQuestion
  say(...drafts: Draft[]): void
  end(): void
  fail(error: Error): void
  /** Resolves when nobody listens to it any more. */
  left: Promise<void>
}

export interface ScriptedTutor extends Tutor {
  /** The next time that it is asked this; each time is given once. */
  asked(message: string): Promise<Run>
  /** What it was asked and what it ended, in order. */
  readonly log: readonly string[]
}

/** It does not heed the signal: whoever asks must cope with that. */
export const createScriptedTutor = (): ScriptedTutor => {
  const log: string[] = []
  const lines = new Map<string, ReturnType<typeof createLine<Run>>>()
  const lineOf = (message: string) => {
    const line = lines.get(message) ?? createLine<Run>()
    lines.set(message, line)
    return line
  }
  return {
    model: 'scripted',
    log,
    asked: (message) => lineOf(message).take(),
    answer: async function* (question) {
      const { message } = question.input
      const said = createLine<Draft | Error | null>()
      const left = Promise.withResolvers<void>()
      log.push(`asked ${message}`)
      lineOf(message).put({
        question,
        say: (...drafts) => drafts.forEach(said.put),
        end: () => {
          log.push(`ended ${message}`)
          said.put(null)
        },
        fail: said.put,
        left: left.promise,
      })
      try {
        for (let next = await said.take(); next; next = await said.take()) {
          if (next instanceof Error) throw next
          yield next
        }
      } finally {
        left.resolve()
      }
    },
  }
}

/** A queue whose takers wait. */
const createLine = <T>() => {
  const items: T[] = []
  const takers: ((item: T) => void)[] = []
  return {
    put: (item: T): void => {
      const taker = takers.shift()
      if (taker) taker(item)
      else items.push(item)
    },
    take: (): Promise<T> =>
      new Promise((resolve) => {
        if (items.length > 0) resolve(items.shift() as T)
        else takers.push(resolve)
      }),
  }
}

export const sentence = (text: string, source: number | null = null): Draft => ({
  kind: 'sentence',
  sentence: { text, source },
})

/** Sources that stand on one page, in the order of the quotes. */
export const sourcesOn = (page: { documentId: string; text: string }, quotes: string[]): Draft => ({
  kind: 'sources',
  refused: false,
  pageTexts: quotes.map(() => page.text),
  sources: quotes.map((quote, at): Source => {
    const start = page.text.indexOf(quote)
    return {
      n: at + 1,
      documentId: page.documentId,
      title: 'Page',
      version: 1,
      page: 1,
      quote,
      start,
      end: start + quote.length,
    }
  }),
})

export interface Frame {
  id: number
  part: Part
}

export interface Stream {
  status: number
  headers: IncomingHttpHeaders
  /** All that was read so far. */
  frames: Frame[]
  /** Reads on up to the first part of which this is true. */
  until(isWanted: (part: Part) => boolean): Promise<Frame>
  /** Reads all that comes until the connection ends. */
  rest(): Promise<Frame[]>
  /** Whether the server said that there is no more. */
  isDone(): boolean
  drop(): void
}

interface Asker {
  url: string
  person: Pick<Person, 'token'>
}

export const askStream = ({ url, person }: Asker, question: Record<string, unknown>): Promise<Stream> =>
  openStream(`${url}/api/v1/chat`, person, { method: 'POST', body: JSON.stringify(question) })

export const resume = ({ url, person }: Asker, turnId: string, lastEventId?: number): Promise<Stream> =>
  openStream(`${url}/api/v1/chat/turns/${turnId}/stream`, person, {
    headers: lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) },
  })

/** A connection for each stream, as a tab has; `fetch` keeps some that it never uses, and they hold up the server's end. */
const openStream = async (url: string, { token }: Pick<Person, 'token'>, given: Given): Promise<Stream> => {
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'text/event-stream',
    ...(given.body !== undefined && { 'content-type': 'application/json' }),
    ...given.headers,
  }
  const asking = request(url, { method: given.method ?? 'GET', headers, agent: false }).end(given.body)
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  return readStream(response)
}

interface Given {
  method?: 'POST'
  body?: string
  headers?: Record<string, string>
}

const readStream = (response: IncomingMessage): Stream => {
  const chunks: AsyncIterator<Buffer> = response[Symbol.asyncIterator]()
  const parser = createParser()
  const { frames } = parser
  const readMore = async (): Promise<boolean> => {
    // A connection that breaks is an end like any other: what counts is whether the last line was there.
    const next = await chunks.next().catch(() => ({ done: true, value: undefined }))
    if (next.value) parser.push(next.value)
    return !next.done
  }
  let looked = 0
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    frames,
    until: async (isWanted) => {
      for (;;) {
        while (looked < frames.length) {
          const frame = frames[looked] as Frame
          looked += 1
          if (isWanted(frame.part)) return frame
        }
        if (!(await readMore())) throw new Error('the stream ended before the part that was awaited')
      }
    },
    rest: async () => {
      while (await readMore());
      return frames
    },
    isDone: parser.isDone,
    drop: () => void response.destroy(),
  }
}

/** Frames from bytes; half a frame at the end counts for nothing, as for any reader. */
export const createParser = () => {
  const decoder = new TextDecoder()
  const frames: Frame[] = []
  let [rest, done] = ['', false]
  const read = (block: string): void => {
    if (block === 'data: [DONE]') done = true
    const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? []
    if (id && data) frames.push({ id: Number(id), part: JSON.parse(data) })
  }
  return {
    frames,
    isDone: () => done,
    push: (bytes: Uint8Array): void => {
      const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      blocks.forEach(read)
    },
  }
}

export const idsOf = (frames: readonly Frame[]): number[] => frames.map(({ id }) => id)
export const typesOf = (frames: readonly Frame[]): string[] => frames.map(({ part }) => part.type)
export const dataOf = (frames: readonly Frame[], name: string): unknown[] =>
  frames.filter(({ part }) => part.type === `data-${name}`).map(({ part }) => part.data)

/** The text that stands for who has read these frames: parts that were superseded are dropped. */
export const textOf = (frames: readonly Frame[]): string => {
  const texts = new Map<string, string>()
  for (const { part } of frames) {
    if (part.type === 'text-start') texts.set(String(part.id), '')
    if (part.type === 'text-delta') texts.set(String(part.id), `${texts.get(String(part.id))}${part.delta}`)
    if (part.type === 'data-superseded') texts.delete((part.data as { textId: string }).textId)
  }
  return [...texts.values()].join('')
}

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

/** Apps on a database that no other test has, so that none takes up a turn that a test left to die. */
export interface Home {
  tutor: ScriptedTutor
  test: TestApp
  /** Another process on the same data. */
  another(driver?: Driver): Promise<TestApp>
}

let database: Promise<TestDatabase> | undefined
let home: Promise<Home> | undefined
after(async () => {
  await (await home)?.test.close()
  await (await database)?.drop()
})

export const openHome = (): Promise<Home> => {
  home ??= makeHome()
  return home
}

const makeHome = async (): Promise<Home> => {
  database ??= openTestDatabase(`lyceum_chat_${randomUUID().replaceAll('-', '')}`)
  const opened = await database
  const tutor = createScriptedTutor()
  // None of them is alone, and free to take what another holds.
  const another = (driver = opened.driver): Promise<TestApp> =>
    openTestApp({ tutor, database: { ...opened, driver }, alone: false })
  return { tutor, test: await another(), another }
}

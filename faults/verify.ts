/** Holds what people were promised against what is there after the last start. */
import { isDeepStrictEqual } from 'node:util'
import { call, type Reading, readStream, textOf, turnOf, want } from './client.ts'
import { type Answered, type Followed, type Kept, type Ledger, type Person, password, readOn } from './load.ts'
import type { Kind } from './material.ts'
import { expect, type Report, until } from './report.ts'

/** How many pages and chunks a document of a kind has when it was read in peace. */
export type Shapes = Map<Kind, { pageCount: number; chunkCount: number }>

type Url = () => string

// biome-ignore lint/suspicious/noExplicitAny: the answer as it came
const settled = (url: Url, token: string, id: string): Promise<any> =>
  until(`document ${id} is read`, async () => {
    const { status, body } = await call(url(), `/documents/${id}`, { token })
    expect(status === 200, `document ${id} answers ${status}`)
    return ['ready', 'failed'].includes(body.status) && body
  })

export const shapesOf = async (url: Url, samples: readonly Kept[]): Promise<Shapes> => {
  const shapes: Shapes = new Map()
  for (const { id, kind, owner } of samples) {
    const { status, pageCount, chunkCount } = await settled(url, owner.token, id)
    expect(status === 'ready' && pageCount > 0 && chunkCount > 0, `the first ${kind} is ${status}`)
    shapes.set(kind, { pageCount, chunkCount })
  }
  return shapes
}

export interface ToVerify {
  name: string
  ledger: Ledger
  shapes: Shapes
  url: Url
  /** A word that stands in one document finds that first; vectors may put others before it. */
  byWordsAlone: boolean
}

export const verify = async (report: Report, given: ToVerify): Promise<void> => {
  const { name, ledger, url } = given
  const { people, documents, followed, answered } = ledger
  const each = <T>(what: string, items: readonly T[], check: (item: T) => Promise<void>): Promise<boolean> =>
    report.check(`${name}: ${what} (${items.length})`, () => checkEach(items, check))
  const standing = documents.filter(({ deletion }) => deletion === 'none')
  const deleted = documents.filter(({ deletion }) => deletion === 'done')
  await each('every registration logs in', people, (person) => checkLogin(url, person))
  await each('every document is there and ready', standing, (kept) => checkDocument(given, kept))
  await each('every deleted document stays deleted', deleted, (kept) => checkDeleted(url, kept))
  await each('nobody has a document that is half made', people, (person) => checkLibrary(url, person))
  await each('every answer stands in its conversation', answered, (answer) => checkAnswered(url, answer))
  await each('every stream goes on where it was cut off, once and whole', followed, (one) => checkStream(url, one))
  await each('every turn has ended', people, (person) => checkConversations(url, person))
}

/** All of them, and then the first faults together. */
const checkEach = async <T>(items: readonly T[], check: (item: T) => Promise<void>): Promise<void> => {
  const faults: string[] = []
  for (const item of items) {
    await check(item).catch((error) => faults.push(error instanceof Error ? error.message : String(error)))
  }
  expect(faults.length === 0, `${faults.length} of ${items.length}: ${faults.slice(0, 3).join('; ')}`)
}

const checkLogin = async (url: Url, { email }: Person): Promise<void> => {
  await want(200, url(), '/auth/login', { method: 'POST', body: { email, password } })
}

const checkDocument = async ({ url, shapes, byWordsAlone }: ToVerify, kept: Kept): Promise<void> => {
  const { id, kind, word, owner } = kept
  const { token } = owner
  const document = await settled(url, token, id)
  expect(document.status === 'ready', `document ${id} is ${document.status}: ${document.failure?.code}`)
  const { pageCount, chunkCount } = document
  expect(isDeepStrictEqual({ pageCount, chunkCount }, shapes.get(kind)), `${kind} ${id} has ${pageCount}/${chunkCount}`)
  for (let page = 1; page <= pageCount; page += 1) {
    const { text } = await want(200, url(), `/documents/${id}/pages/${page}`, { token })
    expect(text.includes(word), `page ${page} of ${id} lacks its word`)
  }
  const { items } = await want(200, url(), '/search', { method: 'POST', token, body: { query: word } })
  const places = items.map((item: { documentId: string; text: string }) =>
    item.documentId === id && item.text.includes(word) ? 'own' : 'other',
  )
  const place = places.indexOf('own')
  expect(byWordsAlone ? place === 0 : place >= 0, `${word} of ${kind} ${id} is found in place ${place + 1}`)
}

const checkDeleted = async (url: Url, { id, word, owner }: Kept): Promise<void> => {
  const { status } = await call(url(), `/documents/${id}`, { token: owner.token })
  expect(status === 404, `deleted document ${id} answers ${status}`)
  const body = { query: word }
  const { items } = await want(200, url(), '/search', { method: 'POST', token: owner.token, body })
  expect(
    items.every((item: { documentId: string }) => item.documentId !== id),
    `deleted document ${id} is found`,
  )
}

/** Also documents whose upload was never answered are whole, once they are listed. */
const checkLibrary = async (url: Url, { token }: Person): Promise<void> => {
  for (const { id } of await listAll(url, '/documents', token)) {
    const { status, chunkCount, jobId } = await settled(url, token, id)
    expect(status === 'ready' && chunkCount > 0, `listed document ${id} is ${status} with ${chunkCount} chunks`)
    await until(`the job of document ${id} is over`, async () => {
      const { state } = await want(200, url(), `/jobs/${jobId}`, { token })
      return state === 'done'
    })
  }
}

// biome-ignore lint/suspicious/noExplicitAny: items of every shape are listed
const listAll = async (url: Url, path: string, token: string): Promise<any[]> => {
  const all = []
  let cursor: string | null = null
  do {
    const page = await want(200, url(), `${path}${cursor ? `?cursor=${cursor}` : ''}`, { token })
    all.push(...page.items)
    cursor = page.nextCursor
  } while (cursor)
  return all
}

const messageOf = async (url: Url, { token }: Person, { turnId, conversationId }: Record<string, string>) => {
  const messages = await listAll(url, `/chat/conversations/${conversationId}/messages`, token)
  return messages.find((message) => message.turnId === turnId && message.role === 'assistant')
}

const checkAnswered = async (url: Url, { owner, turnId, conversationId, text }: Answered): Promise<void> => {
  const message = await messageOf(url, owner, { turnId, conversationId })
  expect(message?.state === 'complete', `the answer of turn ${turnId} is ${message?.state}`)
  expect(message.content === text, `the answer of turn ${turnId} has changed`)
}

const checkStream = async (url: Url, followed: Followed): Promise<void> => {
  const { owner, reading } = followed
  const turn = turnOf(reading)
  if (!turn) throw new Error('a reading has no turn')
  await until(`turn ${turn.turnId} ends`, async () => {
    if (!reading.done) await readOn(url(), followed)
    return reading.done
  })
  const replayed: Reading = { frames: [], done: false }
  await readStream(url(), replayed, { token: owner.token, turnId: turn.turnId })
  const { frames } = replayed
  expect(
    frames.every(({ id }, at) => id === at + 1),
    `turn ${turn.turnId} has ids ${frames.map(({ id }) => id).join(' ')}`,
  )
  // Over however many connections and servers: each part once, none missed, nothing said before is said otherwise.
  expect(isDeepStrictEqual(reading.frames, frames), `the reader of turn ${turn.turnId} saw something else`)
  const message = await messageOf(url, owner, turn)
  expect(message?.state === 'complete', `the answer of turn ${turn.turnId} is ${message?.state}`)
  expect(message.content === textOf(frames), `the text of turn ${turn.turnId} is not that of its message`)
}

/** Also turns that nobody was told of: none is left running. */
const checkConversations = async (url: Url, { token }: Person): Promise<void> => {
  for (const { id } of await listAll(url, '/chat/conversations', token)) {
    await until(`conversation ${id} is at rest`, async () => {
      const messages = await listAll(url, `/chat/conversations/${id}/messages`, token)
      expect(messages.length % 2 === 0, `conversation ${id} has ${messages.length} messages`)
      return messages.every(({ state }) => state === 'complete')
    })
  }
}

/** Calls of the API as other people's programs make them: nothing of the server's own code is in here. */

const patienceMs = 60_000

export interface Reply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into
  body: any
}

export interface Call {
  method?: string
  token?: string
  body?: unknown
  form?: FormData
}

/** @throws when the connection breaks: then nothing was acknowledged */
export const call = async (url: string, path: string, { method = 'GET', token, body, form }: Call = {}) => {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(form && { body: form }),
    signal: AbortSignal.timeout(patienceMs),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : null } as Reply
}

/** @throws for anything but the status that was asked for */
export const want = async (status: number, url: string, path: string, given?: Call) => {
  const reply = await call(url, path, given)
  if (reply.status !== status)
    throw new Error(`${given?.method ?? 'GET'} ${path} answered ${reply.status} ${reply.body?.code ?? ''}`)
  return reply.body
}

export interface Frame {
  id: number
  // biome-ignore lint/suspicious/noExplicitAny: parts of every shape are looked into
  part: any
}

/** What one reader has read of one turn, over however many connections. */
export interface Reading {
  frames: Frame[]
  /** Whether the server said that there is no more. */
  done: boolean
}

interface StreamCall {
  token: string
  question?: unknown
  turnId?: string
}

/** Reads a stream from where the reading stands until the connection ends, for whatever reason. */
export const readStream = async (url: string, reading: Reading, { token, question, turnId }: StreamCall) => {
  const path = turnId ? `/chat/turns/${turnId}/stream` : '/chat'
  const lastId = reading.frames.at(-1)?.id
  const response = await fetch(`${url}/api/v1${path}`, {
    method: turnId ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      ...(question !== undefined && { 'content-type': 'application/json' }),
      ...(lastId !== undefined && { 'last-event-id': String(lastId) }),
    },
    ...(question !== undefined && { body: JSON.stringify(question) }),
    signal: AbortSignal.timeout(patienceMs),
  })
  if (response.status !== 200 || !response.body) throw new Error(`${path} answered ${response.status}`)
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of response.body) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) take(reading, block)
  }
}

const take = (reading: Reading, block: string): void => {
  if (block === 'data: [DONE]') reading.done = true
  const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? []
  if (id && data) reading.frames.push({ id: Number(id), part: JSON.parse(data) })
}

/** The text that stands for who has read these frames. */
export const textOf = (frames: readonly Frame[]): string => {
  const texts = new Map<string, string>()
  for (const { part } of frames) {
    if (part.type === 'text-start') texts.set(part.id, '')
    if (part.type === 'text-delta') texts.set(part.id, texts.get(part.id) + part.delta)
    if (part.type === 'data-superseded') texts.delete(part.data.textId)
  }
  return [...texts.values()].join('')
}

export const turnOf = ({ frames }: Reading): { turnId: string; conversationId: string } | undefined =>
  frames.find(({ part }) => part.type === 'data-turn')?.part.data

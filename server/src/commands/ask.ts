/** `lyceum ask FILE... "question"`: the whole way from file to proved answer without a server, on a database that is thrown away. */
import { randomBytes } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { Answer } from '@lyceum/contract/chat'
import { chatRoutes } from '@lyceum/contract/chat'
import { type Client, createClient } from '@lyceum/contract/client'
import { type Document, documentsRoutes, Uploaded } from '@lyceum/contract/documents'
import { identityRoutes } from '@lyceum/contract/identity'
import { systemClock } from '#platform/clock.ts'
import { readConfig } from '#platform/config/index.ts'
import { openPlatform, openThrowaway } from '#platform/platform.ts'
import { createLog } from '#platform/telemetry/log.ts'
import { type App, createApp } from '../app.ts'
import { type Console, progressLine, readOptions, UsageError } from './console.ts'

/** The material did not say: neither a fault nor an answer. */
export const refusedExitCode = 3

/** @returns the exit code: 0 with an answer, 3 when the material does not say */
export const ask = async (console: Console, args: readonly string[]): Promise<number> => {
  const { files, question, json } = await readArguments(args)
  const answer = await withReader(console.env, async (reader) => {
    const documentIds = await readFiles(reader, files, progressLine(console))
    return reader.client.call(chatRoutes.ask, { body: { message: question, documentIds } })
  })
  console.out(json ? `${JSON.stringify(answer, null, 2)}\n` : inWords(answer))
  return answer.refused ? refusedExitCode : 0
}

const readArguments = async (args: readonly string[]) => {
  const { values, positionals } = readOptions({
    args: [...args],
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const question = positionals.at(-1)
  const files = positionals.slice(0, -1).map((path) => resolve(path))
  if (!question || files.length === 0)
    throw new UsageError('Name files and then the question: lyceum ask biology.pdf "What does a ribosome do?"')
  for (const path of files) {
    const found = await stat(path).catch(() => null)
    if (!found?.isFile()) throw new UsageError(`There is no file ${path}. The question comes last, in quotation marks.`)
  }
  return { files, question, json: values.json }
}

interface Reader {
  client: Client
  fetch: typeof fetch
  token: string
}

/** An app that nobody else can reach: it does not listen, and its folder goes with it. */
const withReader = async <T>(env: Console['env'], run: (reader: Reader) => Promise<T>): Promise<T> => {
  const dir = await mkdtemp(join(tmpdir(), 'lyceum-ask-'))
  const email = 'reader@lyceum.invalid'
  const password = randomBytes(24).toString('base64url')
  // Engines and bounds of files are those of the settings; people, documents and conversations of an installation are not touched.
  const { DATABASE_URL: _, REDIS_URL: __, ...engines } = env
  const config = readConfig({
    ...engines,
    RATE_LIMITS: 'off',
    DATA_DIR: dir,
    ADMIN_EMAIL: email,
    ADMIN_PASSWORD: password,
  })
  try {
    const log = createLog('error', 'stderr')
    const platform = await openPlatform(config, { log, clock: systemClock, driver: await openThrowaway(log) })
    const app = await createApp(config, platform)
    try {
      await app.startWork()
      const fetch = fetchFrom(app)
      const { accessToken } = await createClient({ fetch }).call(identityRoutes.login, { body: { email, password } })
      if (!accessToken) throw new Error('The log-in gave no token')
      return await run({ client: createClient({ fetch, accessToken: () => accessToken }), fetch, token: accessToken })
    } finally {
      await app.close()
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Calls the app in this process as if over the wire. */
const fetchFrom = ({ http }: App): typeof fetch =>
  (async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(new URL(String(input), 'http://lyceum.invalid'), init)
    const { pathname, search } = new URL(request.url)
    const payload = Buffer.from(await request.arrayBuffer())
    const reply = await http.inject({
      method: request.method as 'GET',
      url: pathname + search,
      headers: Object.fromEntries(request.headers),
      ...(payload.length > 0 && { payload }),
    })
    const headers = Object.entries(reply.headers).map(([name, value]) => [name, String(value)] as [string, string])
    return new Response(reply.rawPayload.length > 0 ? new Uint8Array(reply.rawPayload) : null, {
      status: reply.statusCode,
      headers,
    })
  }) as typeof fetch

/** @throws Error naming the file that could not be read, and why */
const readFiles = async (reader: Reader, files: string[], tell: (text: string) => void): Promise<string[]> => {
  const ids: string[] = []
  for (const path of files) {
    const { document } = await upload(reader, path)
    const read = await untilRead(reader, document.id, tell)
    if (read.status === 'failed')
      throw new Error(`${basename(path)}: ${read.failure?.message ?? 'it could not be read'}`)
    ids.push(read.id)
  }
  tell('')
  return ids
}

const upload = async ({ fetch, token }: Reader, path: string): Promise<Uploaded> => {
  const form = new FormData()
  form.set('file', await openAsBlob(path), basename(path))
  const reply = await fetch('/api/v1/documents', {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${token}` },
  })
  const body: unknown = await reply.json()
  if (!reply.ok) throw new Error(`${basename(path)}: ${Object(body).detail}`)
  return Uploaded.parse(body)
}

const lookEveryMs = 100
const untilRead = async ({ client }: Reader, id: string, tell: (text: string) => void): Promise<Document> => {
  for (;;) {
    const document = await client.call(documentsRoutes.get, { params: { id } })
    if (document.status === 'ready' || document.status === 'failed') return document
    tell(`Reading ${document.title} ...`)
    await new Promise((resume) => setTimeout(resume, lookEveryMs))
  }
}

const inWords = ({ text, sources, citations, refused }: Answer): string => {
  const used = new Set(citations.map(({ source }) => source))
  const listed = refused ? sources : sources.filter(({ n }) => used.has(n))
  const lines = listed.map(
    ({ n, title, page, quote }) => `[${n}] ${title}, page ${page}: “${quote.replaceAll(/\s+/g, ' ')}”`,
  )
  const heading = refused && lines.length > 0 ? ['Nearest to it:'] : []
  return `${[text, '', ...heading, ...lines].join('\n').trimEnd()}\n`
}

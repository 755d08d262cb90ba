/** A server with one route and nothing behind it, and its log where a test reads it. */
import { Writable } from 'node:stream'
import { json, type Route, route } from '@lyceum/contract/route'
import type { InjectOptions } from 'fastify'
import pino, { type Logger } from 'pino'
import { z } from 'zod'
import type { Actor } from '#platform/actor.ts'
import { systemClock } from '#platform/clock.ts'
import { createHttp } from '#platform/http/index.ts'
import { type Call, createMount } from '#platform/http/mount.ts'
import { ownCounters } from '#platform/limits/counters.ts'
import { createLimits } from '#platform/limits/index.ts'
import { createLog } from '#platform/telemetry/log.ts'
import type { Reply } from './people.ts'

/** Our log, written where a test reads it. */
const readableLog = (): { log: Logger; lines: string[] } => {
  const lines: string[] = []
  const sink = new Writable({
    write: (line, _encoding, done) => {
      lines.push(String(line))
      done()
    },
  })
  const log = createLog('info')
  Object.assign(log, { [pino.symbols.streamSym]: sink })
  return { log, lines }
}

export const get = {
  method: 'GET',
  path: '/thing',
  id: 'getThing',
  summary: '',
  scope: 'chat',
  auth: 'anyone',
} as const
export const Thing = z.object({ name: z.string() })

/** A server with one route. */
export const serve = <R extends Route>(
  of: R,
  handle: (call: Call<R>) => Promise<unknown>,
  { actor = null, trustProxy = false }: { actor?: Actor | null; trustProxy?: boolean } = {},
) => {
  const { log, lines } = readableLog()
  const http = createHttp({ log, trustProxy })
  const mount = createMount({
    http,
    clock: systemClock,
    authenticate: async () => actor,
    limits: createLimits(null, ownCounters(), systemClock),
    maxUploadBytes: 1000,
  })
  mount(of, handle as never)
  const call = async (options: InjectOptions = {}): Promise<Reply & { text: string }> => {
    const reply = await http.inject({ method: of.method as 'GET', url: `/api/v1${of.path}`, ...options })
    const isJson = String(reply.headers['content-type']).includes('json')
    const body = isJson ? reply.json() : reply.payload
    return { status: reply.statusCode, headers: reply.headers, body, text: reply.payload }
  }
  return { call, lines, http }
}
export const serveThing = (handle: () => Promise<unknown>) => serve(route({ ...get, reply: json(Thing) }), handle)
export const named = async () => ({ name: 'a' })

/**
 * Time to the first token through the model port, beside a gateway that others use, both as what they add to asking the
 * engine directly. The gateway is no part of this product: `npm i @portkey-ai/gateway@1.15.2` in a folder of its own,
 * named by `PORTKEY_DIR`.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Part, startPart } from './parts.ts'
import { questionOn } from './stream-material.ts'

const rounds = 5
const asked = 60
const atOnce = [1, 20]

interface Way {
  name: string
  url: string
  path: string
  headers: Record<string, string>
}

export const benchPort = async (): Promise<void> => {
  const upstream = await startPart('stream-upstream.ts', ['1000', '2'])
  const relay = await startPart('port-relay.ts', [upstream.url])
  const gateway = await startGateway(process.env.PORTKEY_DIR)
  const direct: Way = { name: 'direct', url: upstream.url, path: '/v1/chat/completions', headers: {} }
  const ways: Way[] = [direct, { ...direct, name: 'model port', url: relay.url, path: '/' }]
  if (gateway) ways.push(throughGateway(gateway.url, upstream))
  else process.stdout.write('the gateway: skipped, PORTKEY_DIR does not name an installation of @portkey-ai/gateway\n')
  process.stdout.write(
    `| at once | way | first token ms (median of ${rounds * asked}) | added ms | of the gateway's |\n|---|---|---|---|---|\n`,
  )
  for (const count of atOnce) await compare(ways, count)
  relay.child.disconnect()
  upstream.child.disconnect()
  gateway?.stop()
}

/** Rounds of all ways in turn, so that what else the machine does falls on all. */
const compare = async (ways: Way[], count: number): Promise<void> => {
  const seen = new Map(ways.map((way): [string, number[]] => [way.name, []]))
  for (const way of ways) await askMany(way, count)
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) seen.get(way.name)?.push(...(await askMany(way, count)))
  }
  const medianOf = (name: string): number => {
    const sorted = (seen.get(name) ?? []).toSorted((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  }
  const added = (name: string): number => medianOf(name) - medianOf('direct')
  for (const { name } of ways) {
    const share = seen.has('gateway') && name === 'model port' ? (added(name) / added('gateway')).toFixed(2) : ''
    process.stdout.write(
      `| ${count} | ${name} | ${medianOf(name).toFixed(2)} | ${added(name).toFixed(2)} | ${share} |\n`,
    )
  }
}

const askMany = async (way: Way, count: number): Promise<number[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: count })
  const times: number[] = []
  let left = asked
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      times.push(await firstTokenMs(way, agent))
    }
  }
  await Promise.all(Array.from({ length: count }, lane))
  agent.destroy()
  return times
}

const body = JSON.stringify({ model: 'bench', stream: true, messages: [{ role: 'user', content: questionOn(7) }] })

const firstTokenMs = ({ url, path, headers }: Way, agent: Agent): Promise<number> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now()
    let first: number | null = null
    const all = { 'content-type': 'application/json', accept: 'text/event-stream', ...headers }
    const call = request(`${url}${path}`, { method: 'POST', agent, headers: all }, (reply) => {
      reply.on('data', () => {
        first ??= performance.now() - startedAt
      })
      reply.on('end', () => {
        if (reply.statusCode === 200 && first !== null) resolve(first)
        else reject(new Error(`${url} answered ${reply.statusCode}`))
      })
    })
    call.on('error', reject)
    call.end(body)
  })

const throughGateway = (url: string, upstream: Part): Way => ({
  name: 'gateway',
  url,
  path: '/v1/chat/completions',
  headers: {
    authorization: 'Bearer none',
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstream.url}/v1`,
  },
})

/** It writes into the headers of what `fetch` answers, which may not be changed, and would answer 500 to every stream. */
const changeableHeaders = `data:text/javascript,${encodeURIComponent(
  `const { fetch, Response } = globalThis
  globalThis.fetch = async (...call) => {
    const reply = await fetch(...call)
    return new Response(reply.body, { status: reply.status, headers: reply.headers })
  }`,
)}`

const startGateway = async (folder: string | undefined) => {
  const script = join(folder ?? '', 'node_modules/@portkey-ai/gateway/build/start-server.js')
  if (!folder || !existsSync(script)) return null
  const port = await freePort()
  const child = spawn(process.execPath, ['--import', changeableHeaders, script, `--port=${port}`, '--headless'], {
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 100; tries += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return { url, stop: () => child.kill() }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill()
  throw new Error('the gateway did not start')
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

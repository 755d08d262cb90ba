/** Serves the web app: its files, and its page for every other address that a browser opens. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { Logger } from '../telemetry/log.ts'
import { type Asset, loadAssets } from './assets.ts'
import { buildWhenStale, builtFolder } from './build.ts'

export interface WebApp {
  /** Serves the build that stands, and builds a newer one when the sources have changed. */
  start(): Promise<void>
  stop(): void
}

export const mountWebApp = (http: FastifyInstance, log: Logger): WebApp => {
  let assets = new Map<string, Asset>()
  let cancel = (): void => undefined

  http.get('/*', async (request, reply) => {
    const [path = '/'] = request.url.split('?')
    const asset = assets.get(path)
    if (asset) return sendAsset(request, reply, asset)
    if (path.startsWith('/api') || path.startsWith('/assets/') || path.startsWith('/health')) {
      throw new AppError('not_found', 'There is nothing at this address.')
    }
    const page = assets.get('/index.html')
    return page ? sendAsset(request, reply, page) : sendWaitingPage(reply)
  })

  return {
    start: async () => {
      assets = await loadAssets(builtFolder)
      const build = buildWhenStale(log)
      cancel = build.cancel
      try {
        await build.done
        // Pages that are open already may still ask for parts of the build that they came from.
        assets = new Map([...immutableOf(assets), ...(await loadAssets(builtFolder))])
      } catch (error) {
        if (error instanceof Error && error.name === 'AbortError') return
        log.error({ err: error }, 'the web app could not be built; what was built before is served')
      }
    },
    stop: () => cancel(),
  }
}

const immutableOf = (assets: Map<string, Asset>): [string, Asset][] =>
  [...assets].filter(([, asset]) => asset.isImmutable)

const sendAsset = (request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply => {
  reply
    .type(asset.type)
    .header('etag', asset.etag)
    .header('vary', 'accept-encoding')
    .header('cache-control', asset.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send()
  const accepted = request.headers['accept-encoding'] ?? ''
  if (asset.brotli && /\bbr\b/.test(accepted)) return reply.header('content-encoding', 'br').send(asset.brotli)
  if (asset.gzip && /\bgzip\b/.test(accepted)) return reply.header('content-encoding', 'gzip').send(asset.gzip)
  return reply.send(asset.body)
}

/** For the seconds of the first build. It asks again by itself, without a script. */
const sendWaitingPage = (reply: FastifyReply): FastifyReply =>
  reply
    .code(503)
    .header('retry-after', '2')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(waitingPage)

const waitingPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="2">
<title>Lyceum</title>
<style>
:root { color-scheme: light dark }
body { font: 1.125rem/1.7 Georgia, serif; max-width: 34rem; margin: 20vh auto; padding: 0 1rem }
</style>
</head>
<body>
<main>
<h1>Lyceum is being set up</h1>
<p>The page is built once, which takes some seconds. It opens here by itself.</p>
<p lang="de">Die Seite wird einmal gebaut und öffnet sich hier gleich von selbst.</p>
<p lang="ar" dir="rtl">تُبنى الصفحة مرة واحدة، وستفتح هنا من تلقاء نفسها.</p>
<p lang="id">Halaman sedang disiapkan sekali ini dan akan terbuka dengan sendirinya.</p>
</main>
</body>
</html>
`

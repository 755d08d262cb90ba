/** The process: environment, platform, app, listen; and the way down. */

import { systemClock } from '#platform/clock.ts'
import { readConfig, settingsWithoutEffect } from '#platform/config/index.ts'
import { AppError, OperatorError } from '#platform/errors.ts'
import { openPlatform } from '#platform/platform.ts'
import { createLog, type Logger } from '#platform/telemetry/log.ts'
import { createApp } from './app.ts'

/** After this the process ends with what is unfinished: its leases end, and the next process goes on. */
const graceMs = 25_000

/** Starts the server and resolves when it listens. */
export const serve = async (env: NodeJS.ProcessEnv): Promise<void> => {
  const config = readConfig(env)
  const log = createLog(config.logLevel)
  const ignored = settingsWithoutEffect(env)
  if (ignored.length > 0) log.warn({ settings: ignored }, 'these settings have no effect yet')
  // Before anything is open: a signal that comes while the server starts ends it just as well.
  const opened: { close(): Promise<void> }[] = []
  const isStopping = stopOnSignal(log, async () => {
    // The last one that was opened ends those that it stands on.
    await opened.at(-1)?.close()
  })
  try {
    const platform = await openPlatform(config, { log, clock: systemClock })
    opened.push(platform)
    const app = await createApp(config, platform)
    opened.push(app)
    if (isStopping()) return
    await app.http.listen({ host: config.http.host, port: config.http.port })
    announce(log, app.http.server.address(), { setupCode: app.setupCode, publicUrl: config.http.publicUrl })
    await Promise.all([app.startWork(), app.web.start()])
  } catch (error) {
    // What begins while the server ends may miss what is closed already: that is no fault.
    if (!isStopping()) throw error
  }
}

const announce = (
  log: Logger,
  address: ReturnType<import('node:net').Server['address']>,
  { setupCode, publicUrl }: { setupCode: string | null; publicUrl: string | null },
): void => {
  const local = typeof address === 'object' && address ? `http://${hostOf(address)}:${address.port}` : 'this server'
  const url = publicUrl ?? local
  const { user, system } = process.cpuUsage()
  log.info(
    {
      url,
      cpuSeconds: Math.round((user + system) / 10_000) / 100,
      memoryMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
    },
    `Lyceum is ready: ${url}`,
  )
  if (setupCode)
    log.info({ url: `${url}/setup?code=${setupCode}` }, `Open ${url}/setup?code=${setupCode} to make the first account`)
}

const hostOf = ({ address, family }: { address: string; family: string }): string => {
  if (address === '0.0.0.0' || address === '::') return 'localhost'
  return family === 'IPv6' ? `[${address}]` : address
}

/** npm hands a signal on and the terminal sends it to the whole group, so it may come twice: the first one counts. */
const stopOnSignal = (log: Logger, close: () => Promise<void>): (() => boolean) => {
  let stopping = false
  const stop = (reason: string): void => {
    if (stopping) return
    stopping = true
    log.info({ reason }, 'stopping')
    setTimeout(() => process.exit(0), graceMs).unref()
    close().then(
      () => process.exit(0),
      (error) => {
        log.error({ err: error }, 'could not stop cleanly')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop(signal))
  // The launcher is gone, as after kill -9 on it: nobody would end us any more.
  process.on('disconnect', () => stop('launcher gone'))

  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'))
  return () => stopping
}

/** What a person can mend is said in a line; anything else comes with its stack. */
export const explain = (error: unknown): string => {
  if (error instanceof OperatorError) return error.message
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'The port is in use. Set PORT to another one, or stop what listens there.'
  }
  if (error instanceof AppError && error.cause instanceof Error) {
    return `The database of DATABASE_URL cannot be reached: ${error.cause.message || String(error.cause)}`
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

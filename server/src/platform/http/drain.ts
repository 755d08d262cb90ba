/** The end of a server: nobody new is let in, requests under way get time to end, and what is left is cut. */
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../clock.ts'

/** What a plain request may still take. Streams are ended by who feeds them. */
const patienceMs = 10_000

/**
 * Connections that have not sent anything (browsers open some in advance) would hold a server for as long as they stay:
 * they are cut as soon as no request is under way.
 * @returns the function that ends the server
 */
export const prepareDrain = (http: FastifyInstance, clock: Clock): (() => Promise<void>) => {
  let underWay = 0
  let quiet = (): void => undefined
  http.server.on('request', (_request, response) => {
    underWay += 1
    response.once('close', () => {
      underWay -= 1
      if (underWay === 0) quiet()
    })
  })
  return async () => {
    const closing = http.close()
    await new Promise<void>((resolve) => {
      quiet = resolve
      if (underWay === 0) resolve()
      clock.after(patienceMs, resolve)
    })
    http.server.closeAllConnections()
    await closing
  }
}

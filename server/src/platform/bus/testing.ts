/** A wire to Redis that a test can cut, without touching the Redis that others use. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Wire {
  /** The same Redis through this wire. */
  url: string
  /** Ends what is connected and refuses what comes. */
  cut(): void
  /** Lets nothing through and says nothing: a network that fell silent. */
  silence(): void
  mend(): void
  close(): Promise<void>
}

export const openWire = async (redisUrl: string): Promise<Wire> => {
  const target = new URL(redisUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return near.destroy()
    const far = connect(Number(target.port || 6379), target.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = new URL(redisUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const cut = (): void => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    cut,
    silence: () => {
      for (const socket of sockets) {
        socket.unpipe()
        socket.pause()
      }
    },
    mend: () => {
      isCut = false
    },
    close: async () => {
      cut()
      await once(server.close(), 'close')
    },
  }
}

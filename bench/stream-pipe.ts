/** The least that can stand between a model and a reader: hands the upstream's bytes on. A process of its own. */
import { createServer, request } from 'node:http'

const [upstream = ''] = process.argv.slice(2)

const server = createServer((incoming, outgoing) => {
  const call = request(`${upstream}/v1/chat/completions`, { method: 'POST' }, (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, { 'content-type': 'text/event-stream' })
    reply.pipe(outgoing)
  })
  call.on('error', () => outgoing.destroy())
  incoming.pipe(call)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
})
process.on('disconnect', () => process.exit(0))

/** Sends requests over kept connections from a process of its own: load.ts <url> <authorization> <count> <connections> */
import { Agent, get } from 'node:http'

const [url = '', authorization = '', count = '0', connections = '1'] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) })
let left = Number(count)

const once = (): Promise<void> =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers: authorization ? { authorization } : {} }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`answered ${response.statusCode}`))
      response.resume().on('end', resolve)
    }).on('error', reject)
  })

const lane = async (): Promise<void> => {
  while (left > 0) {
    left -= 1
    await once()
  }
}

await Promise.all(Array.from({ length: Number(connections) }, lane))
agent.destroy()
process.exit(0)

/**
 * The bus between processes, on Redis' publish and subscribe, which forgets: what is published while a process is not
 * subscribed is lost to it. So a process trusts its memory only while its subscription has held without a gap, and
 * drops what it kept about sessions before it trusts again.
 */
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { type Clock, systemClock } from '../clock.ts'
import type { Logger } from '../telemetry/log.ts'
import type { Bus, BusEvent, Topic } from './index.ts'
import { connectRedis, disconnectRedis, firstAnswer } from './redis-connection.ts'
import { type Complain, complainSparsely } from './sparse-log.ts'

export interface RedisBusOptions {
  url: string
  /** What this installation's channels begin with: others on the same Redis must not hear them. */
  prefix: string
  log: Logger
  clock?: Clock
  /** A connection that fell silent is noticed after at most twice this time; until then `reachesAll` is too hopeful. */
  heartbeatMs?: number
}

const Message = z.object({ id: z.string(), version: z.number(), from: z.string() })

/** How long the start waits for Redis before it goes on without. */
const startPatienceMs = 3_000
/** Whoever hears this id forgets every session: of some it was not heard that they ended. */
const everySession: BusEvent = { id: '*', version: 0 }

/** Opens the bus; when Redis is away it is deaf to other processes, says so by `reachesAll`, and keeps trying. */
export const openRedisBus = async (options: RedisBusOptions): Promise<Bus> => {
  const { url, prefix, log, clock = systemClock, heartbeatMs = 5_000 } = options
  const complain = complainSparsely(log, clock)
  const publisher = connectRedis(url, { enableOfflineQueue: false, commandTimeout: 2_000 }, complain)
  const subscriber = connectRedis(url, { autoResubscribe: false, socketTimeout: heartbeatMs }, complain)
  const wire = { prefix: `${prefix}:`, self: randomUUID(), complain }
  const listeners = createListeners(log)
  const send = openSender(publisher, wire)
  const ear = openEar(subscriber, { ...wire, clock, heartbeatMs, tell: listeners.tell })
  await Promise.all([ear.opened, firstAnswer(publisher)])
  return {
    isShared: true,
    publish: (topic, event) => {
      listeners.tell(topic, event)
      send(topic, event)
    },
    subscribe: listeners.add,
    reachesAll: () => ear.hearsAll() && publisher.status === 'ready',
    close: async () => {
      ear.close()
      listeners.clear()
      await Promise.all([disconnectRedis(publisher), disconnectRedis(subscriber)])
    },
  }
}

interface Wire {
  prefix: string
  /** Names this process in its messages, so that it does not hear itself twice. */
  self: string
  complain: Complain
}

const createListeners = (log: Logger) => {
  const all = new Map<string, Set<(event: BusEvent) => void>>()
  return {
    add: (topic: Topic, listener: (event: BusEvent) => void): (() => void) => {
      // A function of its own, so that one listener may subscribe twice.
      const entry = (event: BusEvent): void => listener(event)
      const entries = all.get(topic) ?? new Set()
      all.set(topic, entries.add(entry))
      return () => void entries.delete(entry)
    },
    tell: (topic: string, event: BusEvent): void => {
      for (const listener of all.get(topic) ?? []) {
        try {
          listener(event)
        } catch (error) {
          log.error({ err: error, topic }, 'a listener of the bus failed')
        }
      }
    },
    clear: () => all.clear(),
  }
}

/** Sends without waiting and without a queue: what cannot leave now would arrive too late to be worth anything. */
const openSender = (publisher: Redis, { prefix, self, complain }: Wire) => {
  let owesEverySession = false
  const send = (topic: Topic, event: BusEvent): void => {
    const lost = (error: unknown): void => {
      if (topic === 'session.ended') owesEverySession = true
      complain(error, 'an event did not reach the other processes')
    }
    if (publisher.status !== 'ready') return lost(new Error('Redis is away'))
    publisher.publish(prefix + topic, JSON.stringify({ ...event, from: self })).catch(lost)
  }
  publisher.on('ready', () => {
    // Others may have been connected all the while and still trust a session that ended here.
    if (!owesEverySession) return
    owesEverySession = false
    send('session.ended', everySession)
  })
  return send
}

interface EarNeeds extends Wire {
  clock: Clock
  heartbeatMs: number
  tell(topic: string, event: BusEvent): void
}

const openEar = (subscriber: Redis, { prefix, self, complain, clock, heartbeatMs, tell }: EarNeeds) => {
  let hearsAll = false
  const opened = Promise.withResolvers<void>()
  const stopWaiting = clock.after(startPatienceMs, opened.resolve)
  subscriber.on('ready', () => {
    subscriber
      .psubscribe(`${prefix}*`)
      .then(() => {
        // Order matters: first everybody forgets, then memory counts again.
        tell('session.ended', everySession)
        hearsAll = subscriber.status === 'ready'
      })
      .catch((error) => complain(error, 'the bus could not subscribe'))
      .finally(opened.resolve)
  })
  subscriber.on('close', () => {
    hearsAll = false
    opened.resolve()
  })
  subscriber.on('pmessage', (_pattern: string, channel: string, text: string) => {
    const event = read(text)
    if (event && event.from !== self) tell(channel.slice(prefix.length), { id: event.id, version: event.version })
  })
  // Only the answer's absence matters: `socketTimeout` then closes the connection.
  const stopBeating = clock.every(heartbeatMs, () => {
    if (subscriber.status === 'ready') subscriber.ping().catch(() => undefined)
  })
  return {
    opened: opened.promise.finally(stopWaiting),
    hearsAll: () => hearsAll,
    close: () => {
      hearsAll = false
      stopBeating()
    },
  }
}

/** Null for what is not ours. */
const read = (text: string): z.infer<typeof Message> | null => {
  try {
    return Message.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

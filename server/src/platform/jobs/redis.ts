/**
 * Wake-ups between processes, by BullMQ on Redis: two connections for the whole process, and one for each kind of work
 * that waits. Nothing is kept and nothing retried: an outage is an error to whoever wakes and nothing more.
 */
import type { Queue as BullQueue, Job, Worker } from 'bullmq'
import { connectRedis, disconnectRedis, firstAnswer } from '../bus/redis-connection.ts'
import { complainSparsely } from '../bus/sparse-log.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Logger } from '../telemetry/log.ts'
import { keyOf, type Queue, type Wake } from './queue.ts'

export interface RedisQueueOptions {
  url: string
  /** What this installation's keys begin with: others on the same Redis must not take its wake-ups. */
  prefix: string
  log: Logger
  clock?: Clock
}

const closePatienceMs = 5_000

// Fails at once when Redis is away: who wakes must not wait. One that fell silent counts as away after this time.
const failsFast = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 2_000, socketTimeout: 2_000 }
// BullMQ's demand: a worker's commands wait for Redis, however long.
const waits = { maxRetriesPerRequest: null }
// The version check asks once, and a connection lost just then would leave the queue broken for good.
const common = { skipVersionCheck: true }
const producerOptions = {
  ...common,
  defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
  // Nobody reads the stream of events, but it cannot be turned off.
  streams: { events: { maxLen: 1 } },
}
const workerOptions = {
  ...common,
  drainDelay: 5,
  stalledInterval: 15_000,
  /** A process that stands still this long is taken for dead, and its wake-ups are given to another. */
  lockDuration: 30_000,
  // A wake-up whose process died is as good as new.
  maxStalledCount: 1_000_000,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
}

/** Loads BullMQ only now: the server listens before it pays for that. Without Redis it refuses wake-ups, and keeps trying. */
export const openRedisQueue = async ({ url, prefix, log, clock = systemClock }: RedisQueueOptions): Promise<Queue> => {
  const bull = await import('bullmq')
  const complain = complainSparsely(log, clock)
  const [producing, consuming] = [connectRedis(url, failsFast, complain), connectRedis(url, waits, complain)]
  await firstAnswer(producing)
  const producers = new Map<string, BullQueue>()
  const workers: Worker[] = []

  const producer = (kind: string): BullQueue => {
    const known = producers.get(kind)
    if (known) return known
    const queue = new bull.Queue(kind, { ...producerOptions, prefix, connection: producing })
    queue.on('error', (error) => complain(error, 'the job queue has trouble'))
    producers.set(kind, queue)
    return queue
  }
  const leaveToOthers = async (job: Job<Wake>, token?: string): Promise<never> => {
    await job.moveToWait(token)
    throw new bull.WaitingError()
  }
  return {
    wake: async (kind, wake) => {
      if (producing.status !== 'ready') throw new Error('Redis is away')
      // One wake-up for each time that a job comes free, however many sweeps of however many processes tell of it.
      await producer(kind).add(kind, wake, { jobId: keyOf(wake) })
    },
    listen: async (kind, concurrency, work) => {
      const run = async (job: Job<Wake>, token?: string): Promise<void> => {
        // Fetched in the moment of stopping: it is another's, not lost.
        if (worker.closing) await leaveToOthers(job, token)
        await work(job.data)
      }
      const worker = new bull.Worker(kind, run, { ...workerOptions, prefix, connection: consuming, concurrency })
      worker.on('error', (error) => complain(error, 'the job queue has trouble'))
      workers.push(worker)
    },
    pause: () => {
      // Ends the wait for more at once; resolves when what runs is over, which is the caller's to await.
      for (const worker of workers) worker.close().catch((error) => complain(error, 'a worker did not close'))
    },
    close: async () => {
      const closeAll = async (): Promise<void> => {
        await Promise.allSettled(workers.map((worker) => worker.close()))
        await Promise.allSettled([...producers.values()].map((queue) => queue.close()))
      }
      await orAfter(clock, closeAll())
      await orAfter(clock, Promise.all([disconnectRedis(producing), disconnectRedis(consuming)]))
    },
  }
}

/** Goes on after a while: BullMQ's own connections do not close while Redis is away, and the process ends without them. */
const orAfter = async (clock: Clock, closing: Promise<unknown>): Promise<void> => {
  const patience = Promise.withResolvers<void>()
  const stopWaiting = clock.after(closePatienceMs, patience.resolve)
  await Promise.race([closing, patience.promise]).finally(stopWaiting)
}

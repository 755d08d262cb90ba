/** Listens to a queue, and gives each wake-up as it comes. */
import { randomUUID } from 'node:crypto'
import type { Queue, Wake } from '../index.ts'

export const newWake = (): Wake => ({
  id: randomUUID(),
  institutionId: 'an institution',
  personId: 'a person',
  freeSinceMs: 1,
})

export const inbox = async (
  queue: Queue,
  kind: string,
  work: (wake: Wake) => Promise<void> = async () => undefined,
) => {
  const arrived: Wake[] = []
  const readers: (() => void)[] = []
  await queue.listen(kind, 1, async (wake) => {
    arrived.push(wake)
    for (const reader of readers.splice(0)) reader()
    await work(wake)
  })
  return {
    arrived,
    count: async (wanted: number): Promise<Wake[]> => {
      while (arrived.length < wanted) await new Promise<void>((resolve) => readers.push(resolve))
      return arrived
    },
  }
}

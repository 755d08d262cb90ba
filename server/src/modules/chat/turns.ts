/** Turns under way in this process, and the sweep that takes up those of dead ones. */
import type { JournalRef } from '#platform/journal/index.ts'
import type { ChatNeeds } from './needs.ts'
import { runTurn } from './run-turn.ts'
import type { StartedTurn } from './start-turn.ts'

export interface Turns {
  /** Begins to answer, unless its turn has not come; returns at once. */
  run(ref: JournalRef & Partial<Pick<StartedTurn, 'held'>>): void
  /** Takes up what nobody holds. @param isStart whether this process has just started */
  sweep(isStart: boolean): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** An answer whose process died is taken up after its lease (15 s) and at most this. */
const sweepMs = 5_000

/** How long a closed journal can still be read part by part; after that the stream is made from the message. */
const journalLifeMs = 24 * 60 * 60 * 1000

/** Removes the journals of answers that ended long ago. */
export const purgeJournals = ({ journals }: Pick<ChatNeeds, 'journals'>, now: Date): Promise<void> =>
  journals.purge(new Date(now.getTime() - journalLifeMs))

export const createTurns = (needs: ChatNeeds): Turns => {
  const running = new Set<Promise<void>>()
  let stopSweeping = (): void => undefined
  const run: Turns['run'] = ({ held, ...ref }) => {
    const done = runTurn(needs, ref, held)
      .then(
        (next) => next && run(next),
        (error) => needs.log.error({ err: error, turnId: ref.id }, 'a turn could not be run; the sweep will find it'),
      )
      .then(() => void running.delete(done))
    running.add(done)
  }
  const sweep = async (isStart: boolean): Promise<void> => {
    for (const ref of await needs.journals.findOrphans('turn', isStart)) run(ref)
  }
  return {
    run,
    sweep,
    start: async () => {
      await sweep(true)
      stopSweeping = needs.clock.every(sweepMs, () => {
        sweep(false).catch((error) => needs.log.error({ err: error }, 'sweep failed'))
      })
    },
    stop: async () => {
      stopSweeping()
      await needs.journals.stop()
      await Promise.allSettled(running)
    },
  }
}

import { EventEmitter } from 'node:events'
import type { Bus, BusEvent } from './index.ts'

/** A bus inside one process. @param alone whether there is no other process on the same data */
export const openMemoryBus = ({ alone }: { alone: boolean }): Bus => {
  const emitter = new EventEmitter().setMaxListeners(0)
  return {
    isShared: false,
    publish: (topic, event) => void emitter.emit(topic, event),
    subscribe: (topic, listener: (event: BusEvent) => void) => {
      emitter.on(topic, listener)
      return () => void emitter.off(topic, listener)
    },
    reachesAll: () => alone,
    close: async () => void emitter.removeAllListeners(),
  }
}

import type { Store } from '../../lib/store.ts'

/** A store that tells its listeners once a frame: words come faster than a screen can show them. */
export const perFrame = <T>(store: Store<T>): Store<T> => ({
  ...store,
  subscribe: (listener) => {
    let frame = 0
    const unsubscribe = store.subscribe(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0
        listener()
      })
    })
    return () => {
      cancelAnimationFrame(frame)
      unsubscribe()
    }
  },
})

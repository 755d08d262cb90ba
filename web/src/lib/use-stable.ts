import { useCallback, useRef } from 'react'

/** The same function at each render, that does what the newest one does: for what must not be rendered again for it. */
export const useStable = <A extends unknown[], R>(call: (...args: A) => R): ((...args: A) => R) => {
  const latest = useRef(call)
  latest.current = call
  return useCallback((...args: A) => latest.current(...args), [])
}

/** Gives what the source gives until the signal aborts. A source that does not heed the signal itself is left behind. */
export const untilAborted = async function* <T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  if (signal.aborted) return
  const left = Promise.withResolvers<null>()
  const leave = (): void => left.resolve(null)
  signal.addEventListener('abort', leave, { once: true })
  const reader = source[Symbol.asyncIterator]()
  try {
    for (;;) {
      const step = await Promise.race([reader.next(), left.promise])
      if (!step || step.done) return
      yield step.value
    }
  } finally {
    signal.removeEventListener('abort', leave)
    // Not awaited: what nobody reads any more may end in its own time, and as it likes.
    void reader.return?.().then(undefined, () => undefined)
  }
}

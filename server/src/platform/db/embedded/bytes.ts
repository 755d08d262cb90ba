/** Joins chunks into a buffer of their own, whose memory can be handed to another thread without a copy. */
export const joined = (chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const [only] = chunks
  if (only && chunks.length === 1 && only.byteLength === only.buffer.byteLength) return only as Uint8Array<ArrayBuffer>
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

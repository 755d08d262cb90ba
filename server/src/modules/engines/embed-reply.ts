/** Reading an embedding engine's reply: nothing of it is believed before it is checked. */
import { z } from 'zod'
import { EngineError } from './engine-error.ts'

const Reply = z.object({
  data: z.array(z.object({ index: z.int().min(0).optional(), embedding: z.array(z.number()).min(1) })),
})

/** More than pgvector stores (https://github.com/pgvector/pgvector#vector-type). */
const maxDimension = 16_000

/**
 * The vectors of a reply in the order of the texts, each of length 1.
 * @throws EngineError `malformed` unless there is one finite, non-zero vector for each text, all of one dimension
 */
export const readVectors = (body: string, count: number): Float32Array[] => {
  const parsed = Reply.safeParse(parseJson(body))
  if (!parsed.success) throw malformed('is not a list of embeddings')
  const { data } = parsed.data
  if (data.length !== count) throw malformed(`has ${data.length} vectors for ${count} texts`)
  const vectors = inOrder(data).map(asUnit)
  const dimension = vectors[0]?.length ?? 0
  if (dimension > maxDimension) throw malformed(`has vectors of ${dimension} dimensions`)
  if (vectors.some(({ length }) => length !== dimension)) throw malformed('has vectors of different dimensions')
  return vectors
}

const malformed = (what: string): EngineError => new EngineError('malformed', `The embedding engine's reply ${what}.`)

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('is not JSON')
  }
}

/** By `index` where the engine gives it, else as they came. */
const inOrder = (data: z.infer<typeof Reply>['data']): number[][] => {
  if (data.every(({ index }) => index === undefined)) return data.map(({ embedding }) => embedding)
  const byIndex = new Map(data.map(({ index, embedding }) => [index, embedding]))
  return data.map((_, at) => {
    const embedding = byIndex.get(at)
    if (!embedding) throw malformed(`has no vector with index ${at}`)
    return embedding
  })
}

/** Only the direction counts: at length 1 no sum of squares overflows or vanishes in the database's 32 bits. */
const asUnit = (embedding: number[]): Float32Array => {
  const largest = embedding.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  if (!Number.isFinite(largest) || largest === 0) throw malformed('has a vector without direction')
  const scaled = embedding.map((value) => value / largest)
  const length = Math.hypot(...scaled)
  return Float32Array.from(scaled, (value) => value / length)
}

import { ByteReader, ByteWriter } from './bytes.ts'
import type { TermLists } from './term-lists.ts'

/**
 * Version of the stored format, the first byte of every row and chunk table. It covers the bytes, the hash,
 * and the folding, stemming and token rules behind it: change one, raise it, and re-index what carries the old one.
 */
export const formatVersion = 2

/** The low bits of a hash choose the row, the rest names the term inside it. */
export const bucketOf = (hash: number, bits: number): number => hash & ((1 << bits) - 1)
const restOf = (hash: number, bits: number): number => hash >>> bits

/** Digits of 11 bits: three passes sort 32 bits, with counters that stay in the processor's nearest cache. */
const digitBits = 11
const digits = 1 << digitBits

/** The indexes of the keys in ascending order of the keys: a radix sort, as there are hundreds of thousands. */
const sortedIndexes = (keys: Uint32Array): Uint32Array => {
  let order = Uint32Array.from(keys.keys())
  let sorted = new Uint32Array(keys.length)
  for (let shift = 0; shift < 32; shift += digitBits) {
    const next = new Uint32Array(digits + 1)
    for (const key of keys) {
      const above = ((key >>> shift) & (digits - 1)) + 1
      next[above] = (next[above] ?? 0) + 1
    }
    for (let digit = 1; digit < digits; digit += 1) next[digit] = (next[digit] ?? 0) + (next[digit - 1] ?? 0)
    for (const index of order) {
      const digit = ((keys[index] ?? 0) >>> shift) & (digits - 1)
      const place = next[digit] ?? 0
      sorted[place] = index
      next[digit] = place + 1
    }
    ;[order, sorted] = [sorted, order]
  }
  return order
}

/** The numbers of the terms by bucket and then by the rest of their hash: by the hash turned by `bits`. */
const inStoredOrder = ({ hashes }: TermLists, bits: number): Uint32Array => {
  const turned = new Uint32Array(hashes.length)
  for (let number = 0; number < hashes.length; number += 1) {
    const hash = hashes[number] ?? 0
    turned[number] = (hash << (32 - bits)) | (hash >>> bits)
  }
  return sortedIndexes(turned)
}

/**
 * The rows of many terms, by bucket. A row: version, then for each term, ascending by the rest of its hash, {gap of the
 * rest, number of chunks, bytes of the list, list}. A reader skips the lists that it does not want.
 */
export const encodeRows = (lists: TermLists, bits: number): Map<number, Uint8Array> => {
  const { hashes, chunkCounts, starts, bytes } = lists
  // One memory for all rows: they go to another thread, and to the database, as one.
  const writer = new ByteWriter(bytes.length + 8 * hashes.length)
  const begun: [bucket: number, start: number][] = []
  let latest = -1
  let previous = 0
  for (const term of inStoredOrder(lists, bits)) {
    const hash = hashes[term] ?? 0
    const bucket = bucketOf(hash, bits)
    if (bucket !== latest) {
      begun.push([bucket, writer.length])
      latest = bucket
      writer.byte(formatVersion)
      previous = 0
    }
    const [start, end] = [starts[term] ?? 0, starts[term + 1] ?? 0]
    writer.varint(restOf(hash, bits) - previous)
    writer.varint(chunkCounts[term] ?? 0)
    writer.varint(end - start)
    writer.copy(bytes, start, end)
    previous = restOf(hash, bits)
  }
  const whole = writer.take()
  return new Map(begun.map(([bucket, start], at) => [bucket, whole.subarray(start, begun[at + 1]?.[1])]))
}

/** Where a term's list stands in a row, and in how many chunks the term occurs. */
export interface PostingList {
  row: Uint8Array
  start: number
  end: number
  chunkCount: number
}

const readVersion = (reader: ByteReader): void => {
  const version = reader.byte()
  if (version !== formatVersion) throw new Error(`index format ${version} cannot be read, only ${formatVersion}`)
}

/** Every term of a row with its list, in stored order. */
export function* listsOf(row: Uint8Array, bits: number, bucket: number): Generator<[hash: number, PostingList]> {
  const reader = new ByteReader(row)
  readVersion(reader)
  let rest = 0
  while (!reader.done) {
    rest += reader.varint()
    const chunkCount = reader.varint()
    const end = reader.varint() + reader.at
    if (end > row.length) throw new Error('index bytes end too early')
    yield [((rest << bits) | bucket) >>> 0, { row, start: reader.at, end, chunkCount }]
    reader.at = end
  }
}

/** The list of one term; undefined when the row does not have it. */
export const listOf = (row: Uint8Array, bits: number, hash: number): PostingList | undefined => {
  const reader = new ByteReader(row)
  readVersion(reader)
  const wanted = restOf(hash, bits)
  let rest = 0
  while (!reader.done) {
    rest += reader.varint()
    // Terms are ascending: it would stand here.
    if (rest > wanted) return undefined
    const chunkCount = reader.varint()
    const end = reader.varint() + reader.at
    if (end > row.length) throw new Error('index bytes end too early')
    if (rest === wanted) return { row, start: reader.at, end, chunkCount }
    reader.at = end
  }
  return undefined
}

/** A list as numbers: ordinals ascending, and the frequency in each of their chunks. */
export interface Postings {
  ordinals: Uint16Array
  frequencies: Uint16Array
}

/** A stretch of a segment's chunks. Within it ordinals count from 0. */
export interface Stretch {
  /** The ordinal of its first chunk in the segment. */
  first: number
  count: number
  /** 0 where a chunk is to be passed over; left out when none is. */
  inScope?: Uint8Array | undefined
}

/** Varints one by one; a class of its own because the compiler then keeps all of it in registers. */
class ListCursor {
  readonly #row: Uint8Array
  readonly #end: number
  #at: number

  constructor({ row, start, end }: PostingList) {
    this.#row = row
    this.#end = end
    this.#at = start
  }

  get done(): boolean {
    return this.#at >= this.#end
  }

  next(): number {
    let value = 0
    for (let shift = 0; this.#at < this.#end; shift += 7) {
      const byte = this.#row[this.#at] ?? 0
      this.#at += 1
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new Error('index bytes end too early')
  }
}

/** The postings of a list that fall into a stretch of its segment. @throws Error when the bytes end within a posting */
export const readList = (list: PostingList, { first, count, inScope }: Stretch): Postings => {
  // Each posting takes a byte at least: a count that claims more is no reason to allocate it.
  const most = Math.min(list.chunkCount, list.end - list.start, count)
  const ordinals = new Uint16Array(most)
  const frequencies = new Uint16Array(most)
  const cursor = new ListCursor(list)
  let [ordinal, found] = [-first, 0]
  while (!cursor.done) {
    const head = cursor.next()
    ordinal += head >>> 1
    if (ordinal >= count) break
    const frequency = head & 1 ? 1 : cursor.next() + 2
    if (ordinal < 0 || (inScope && inScope[ordinal] === 0)) continue
    ordinals[found] = ordinal
    frequencies[found] = frequency
    found += 1
  }
  if (found === most) return { ordinals, frequencies }
  return { ordinals: ordinals.subarray(0, found), frequencies: frequencies.subarray(0, found) }
}

/** The chunks of a segment by ordinal: their place in their document and their number of terms per family. */
export interface ChunkTable {
  ords: Uint32Array
  stems: Uint16Array
  grams: Uint16Array
  bigrams: Uint16Array
}

export const emptyTable = (chunkCount: number): ChunkTable => ({
  ords: new Uint32Array(chunkCount),
  stems: new Uint16Array(chunkCount),
  grams: new Uint16Array(chunkCount),
  bigrams: new Uint16Array(chunkCount),
})

/** A place of 4 bytes and three lengths of 2: of one width, so that the table of a stretch is a piece of the whole. */
export const chunkBytes = 10

/** The version, then the chunks. A chunk's text is bounded, and its terms with it (`chunk-units.ts`): 2 bytes hold them. */
export const encodeChunkTable = (table: ChunkTable): Uint8Array => {
  const bytes = new Uint8Array(1 + chunkBytes * table.ords.length)
  const view = new DataView(bytes.buffer)
  bytes[0] = formatVersion
  table.ords.forEach((ord, ordinal) => {
    const at = 1 + chunkBytes * ordinal
    view.setUint32(at, ord)
    view.setUint16(at + 4, table.stems[ordinal] ?? 0)
    view.setUint16(at + 6, table.grams[ordinal] ?? 0)
    view.setUint16(at + 8, table.bigrams[ordinal] ?? 0)
  })
  return bytes
}

export const decodeChunkTable = (bytes: Uint8Array): ChunkTable => {
  readVersion(new ByteReader(bytes))
  const count = (bytes.length - 1) / chunkBytes
  if (!Number.isInteger(count)) throw new Error('index bytes end too early')
  const table = emptyTable(count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let ordinal = 0; ordinal < count; ordinal += 1) {
    const at = 1 + chunkBytes * ordinal
    table.ords[ordinal] = view.getUint32(at)
    table.stems[ordinal] = view.getUint16(at + 4)
    table.grams[ordinal] = view.getUint16(at + 6)
    table.bigrams[ordinal] = view.getUint16(at + 8)
  }
  return table
}

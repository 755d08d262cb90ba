/** From postings in the order of the chunks to lists in the order of the terms: flat arrays, as there are millions. */
import { ByteWriter } from './bytes.ts'

/** The lists of many terms, one behind the other; term `i` has `bytes` from `starts[i]` to `starts[i + 1]`. */
export interface TermLists {
  hashes: Uint32Array
  chunkCounts: Uint32Array
  starts: Uint32Array
  bytes: Uint8Array
}

/** The most often a term may be counted in a chunk: more than any chunk has tokens or 4-grams of one kind. */
const maxFrequency = 0xffff

const grown = (from: Uint32Array): Uint32Array<ArrayBuffer> => {
  const to = new Uint32Array(2 * from.length)
  to.set(from)
  return to
}

/** Numbers hashes in the order in which they first come: a table with open addressing, at most half full. */
class Numbering {
  hashes = new Uint32Array(1024)
  size = 0
  /** The number plus 1 of whatever hash has its place here; 0 where none has. */
  #places = new Uint32Array(4096)

  numberOf(hash: number): number {
    const mask = this.#places.length - 1
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const number = (this.#places[place] ?? 0) - 1
      if (number < 0) return this.#enter(hash, place)
      if (this.hashes[number] === hash) return number
    }
  }

  #enter(hash: number, place: number): number {
    const number = this.size
    if (number === this.hashes.length) this.hashes = grown(this.hashes)
    this.hashes[number] = hash
    this.size += 1
    this.#places[place] = this.size
    if (2 * this.size > this.#places.length) this.#spread()
    return number
  }

  #spread(): void {
    const places = new Uint32Array(2 * this.#places.length)
    const mask = places.length - 1
    for (let number = 0; number < this.size; number += 1) {
      let place = (this.hashes[number] ?? 0) & mask
      while (places[place] !== 0) place = (place + 1) & mask
      places[place] = number + 1
    }
    this.#places = places
  }
}

/** Takes postings as they come, of each term by ordinal ascending, and gives each term its list. */
export class TermCollector {
  readonly #terms = new Numbering()
  #counts = new Uint32Array(1024)
  /** Where a term's latest posting stands: what comes for the same chunk again is added to it. */
  #latest = new Uint32Array(1024)
  /** The term of each posting, and {ordinal, frequency} in 16 bits each. */
  #numbers = new Uint32Array(4096)
  #postings = new Uint32Array(4096)
  #size = 0

  /** The number under which the postings of a term are counted. */
  numberOf(hash: number): number {
    return this.#terms.numberOf(hash)
  }

  add(hash: number, ordinal: number, times: number): void {
    this.count(this.#terms.numberOf(hash), ordinal, times)
  }

  /** Adds to a term's frequency in a chunk. @param term its number */
  count(term: number, ordinal: number, times: number): void {
    while (term >= this.#counts.length) {
      this.#counts = grown(this.#counts)
      this.#latest = grown(this.#latest)
    }
    const count = this.#counts[term] ?? 0
    const latest = this.#latest[term] ?? 0
    const posting = this.#postings[latest] ?? 0
    if (count > 0 && posting >>> 16 === ordinal) {
      this.#postings[latest] = ordinal * 65_536 + Math.min((posting & 0xffff) + times, maxFrequency)
      return
    }
    this.#counts[term] = count + 1
    this.#latest[term] = this.#size
    this.#push(term, ordinal * 65_536 + Math.min(times, maxFrequency))
  }

  #push(term: number, posting: number): void {
    if (this.#size === this.#numbers.length) {
      this.#numbers = grown(this.#numbers)
      this.#postings = grown(this.#postings)
    }
    this.#numbers[this.#size] = term
    this.#postings[this.#size] = posting
    this.#size += 1
  }

  /** The postings by term; within a term they keep their order. */
  #sorted(): Uint32Array {
    const next = new Uint32Array(this.#terms.size)
    for (let term = 1; term < next.length; term += 1) {
      next[term] = (next[term - 1] ?? 0) + (this.#counts[term - 1] ?? 0)
    }
    const sorted = new Uint32Array(this.#size)
    for (let at = 0; at < this.#size; at += 1) {
      const term = this.#numbers[at] ?? 0
      const place = next[term] ?? 0
      sorted[place] = this.#postings[at] ?? 0
      next[term] = place + 1
    }
    return sorted
  }

  lists(): TermLists {
    const sorted = this.#sorted()
    const { size } = this.#terms
    const writer = new ByteWriter(2 * sorted.length)
    const starts = new Uint32Array(size + 1)
    let from = 0
    for (let term = 0; term < size; term += 1) {
      const until = from + (this.#counts[term] ?? 0)
      writeList(writer, sorted, from, until)
      starts[term + 1] = writer.length
      from = until
    }
    const chunkCounts = this.#counts.slice(0, size)
    return { hashes: this.#terms.hashes.slice(0, size), chunkCounts, starts, bytes: writer.take() }
  }
}

/** Ordinal gaps shifted by one; the low bit says that the frequency is 1, else the frequency less 2 follows. */
const writeList = (writer: ByteWriter, postings: Uint32Array, from: number, until: number): void => {
  let previous = 0
  for (let at = from; at < until; at += 1) {
    const posting = postings[at] ?? 0
    const ordinal = posting >>> 16
    const frequency = posting & 0xffff
    const gap = (ordinal - previous) * 2
    if (frequency === 1) writer.varint(gap + 1)
    else {
      writer.varint(gap)
      writer.varint(frequency - 2)
    }
    previous = ordinal
  }
}

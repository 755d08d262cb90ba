/** A buffer that grows while varints (seven bits a byte, lowest first) are written to it. */
export class ByteWriter {
  #bytes: Uint8Array
  #length = 0

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity)
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length] = value
    this.#length += 1
  }

  /** @param value an integer from 0 to 2^32 - 1 */
  varint(value: number): void {
    this.#reserve(5)
    const bytes = this.#bytes
    let at = this.#length
    let rest = value
    while (rest > 0x7f) {
      bytes[at] = (rest & 0x7f) | 0x80
      rest >>>= 7
      at += 1
    }
    bytes[at] = rest
    this.#length = at + 1
  }

  /** Copies `bytes` from `start` to `end`; byte by byte, as most lists are a few bytes long. */
  copy(bytes: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start)
    const to = this.#bytes
    const shift = this.#length - start
    for (let at = start; at < end; at += 1) to[at + shift] = bytes[at] ?? 0
    this.#length += end - start
  }

  get length(): number {
    return this.#length
  }

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }
}

/** Reads what `ByteWriter` wrote. Stored bytes are data: a read past the end throws instead of yielding zeros. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  at: number

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#end = Math.min(end, bytes.length)
    this.at = start
  }

  get done(): boolean {
    return this.at >= this.#end
  }

  byte(): number {
    const value = this.at < this.#end ? this.#bytes[this.at] : undefined
    if (value === undefined) throw new Error('index bytes end too early')
    this.at += 1
    return value
  }

  varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new Error('index bytes hold a number that is too long')
  }
}

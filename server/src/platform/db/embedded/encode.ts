/**
 * Frontend messages of the PostgreSQL wire protocol, version 3
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 * We write them ourselves because PGlite's own `query` asks for the parameter types first (three more
 * trips through the parser) and refuses values that node-postgres accepts.
 */
import { joined } from './bytes.ts'
import { type WireValue, wireValue } from './params.ts'

/** A message starts with its letter and its length; the length counts itself but not the letter. */
const head = 5
const maxParams = 65_535

const message = (letter: string, bodyBytes: number): Buffer => {
  const bytes = Buffer.allocUnsafe(head + bodyBytes)
  bytes.write(letter, 0, 'latin1')
  bytes.writeInt32BE(bodyBytes + 4, 1)
  return bytes
}

/** A simple query: any number of statements, no parameters. */
export const simpleQuery = (text: string): Buffer => {
  const length = Buffer.byteLength(text)
  const bytes = message('Q', length + 1)
  bytes.write(text, head)
  bytes[head + length] = 0
  return bytes
}

const parse = (text: string): Buffer => {
  const length = Buffer.byteLength(text)
  const bytes = message('P', length + 4)
  bytes[head] = 0
  bytes.write(text, head + 1)
  bytes.fill(0, head + 1 + length)
  return bytes
}

const wireLength = (value: WireValue): number => {
  if (value === null) return 0
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length
}

const writeValue = (bytes: Buffer, at: number, value: WireValue): number => {
  if (value === null) return bytes.writeInt32BE(-1, at)
  const start = at + 4
  const written = typeof value === 'string' ? bytes.write(value, start) : value.copy(bytes, start)
  bytes.writeInt32BE(written, at)
  return start + written
}

const bind = (values: readonly WireValue[]): Buffer => {
  const valueBytes = values.reduce((sum, value) => sum + 4 + wireLength(value), 0)
  const bytes = message('B', 8 + 2 * values.length + valueBytes)
  bytes.writeInt16BE(0, head)
  let at = bytes.writeUInt16BE(values.length, head + 2)
  for (const value of values) at = bytes.writeInt16BE(Buffer.isBuffer(value) ? 1 : 0, at)
  at = bytes.writeUInt16BE(values.length, at)
  for (const value of values) at = writeValue(bytes, at, value)
  bytes.writeInt16BE(0, at)
  return bytes
}

/** Describe the portal, execute it without a row limit, sync. */
const describeExecuteSync = Buffer.from('D\0\0\0\x06P\0E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04', 'latin1')

/**
 * One statement. Without parameters it goes as a simple query, as node-postgres does: the text may then
 * hold several statements.
 */
export const statement = (text: string, params: readonly unknown[] = []): Buffer => {
  if (params.length === 0) return simpleQuery(text)
  if (params.length > maxParams) throw new RangeError(`a statement takes at most ${maxParams} parameters`)
  return Buffer.concat([parse(text), bind(params.map(wireValue)), describeExecuteSync])
}

/** Joins messages into one buffer that the worker can take over. */
export const flight = (messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => joined(messages)

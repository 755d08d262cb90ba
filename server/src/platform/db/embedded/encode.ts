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

/** Reads a statement under a name, by which the session keeps it; '' for no longer than until the next one. */
export const parse = (name: string, text: string): Buffer => {
  const [nameLength, length] = [name.length, Buffer.byteLength(text)]
  const bytes = message('P', nameLength + length + 4)
  bytes.write(name, head, 'latin1')
  bytes[head + nameLength] = 0
  bytes.write(text, head + nameLength + 1)
  bytes.fill(0, head + nameLength + 1 + length)
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

const bind = (name: string, values: readonly WireValue[]): Buffer => {
  const valueBytes = values.reduce((sum, value) => sum + 4 + wireLength(value), 0)
  const bytes = message('B', name.length + 8 + 2 * values.length + valueBytes)
  bytes[head] = 0
  bytes.write(name, head + 1, 'latin1')
  bytes[head + 1 + name.length] = 0
  let at = bytes.writeUInt16BE(values.length, head + 2 + name.length)
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
  return Buffer.concat([parse('', text), execute('', params)])
}

/** Runs a statement that the session knows by this name. */
export const execute = (name: string, params: readonly unknown[]): Buffer => {
  if (params.length > maxParams) throw new RangeError(`a statement takes at most ${maxParams} parameters`)
  return Buffer.concat([bind(name, params.map(wireValue)), describeExecuteSync])
}

/** Joins messages into one buffer that the worker can take over. */
export const flight = (messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => joined(messages)

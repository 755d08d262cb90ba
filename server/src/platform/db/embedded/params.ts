/** Turns JavaScript values into what PostgreSQL reads as a parameter, the way node-postgres does, so that a statement means the same on both drivers. */

/** Text, raw bytes (sent in binary format, as node-postgres does with buffers) or SQL null. */
export type WireValue = string | Buffer | null

const isBytes = (value: unknown): value is ArrayBufferView => ArrayBuffer.isView(value)

const asBuffer = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength)

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

const arrayElement = (value: unknown): string => {
  if (value === null || value === undefined) return 'NULL'
  if (Array.isArray(value)) return arrayLiteral(value)
  if (isBytes(value)) return `"\\\\x${asBuffer(value).toString('hex')}"`
  return quoted(String(wireValue(value)))
}

/** A PostgreSQL array literal such as `{"a",NULL,{"b"}}`. */
const arrayLiteral = (values: readonly unknown[]): string => `{${values.map(arrayElement).join(',')}}`

/** Dates travel as UTC with their offset; plain objects as JSON. */
export const wireValue = (value: unknown): WireValue => {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value !== 'object') return String(value)
  if (isBytes(value)) return asBuffer(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return arrayLiteral(value)
  return JSON.stringify(value)
}

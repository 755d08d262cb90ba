/** Reads column values from the text that PostgreSQL prints. */

export type ReadValue = (bytes: Buffer, start: number, end: number) => unknown

const readText: ReadValue = (bytes, start, end) => bytes.toString('utf8', start, end)
const readNumber: ReadValue = (bytes, start, end) => Number(bytes.toString('latin1', start, end))
const readBoolean: ReadValue = (bytes, start) => bytes[start] === 0x74
const readJson: ReadValue = (bytes, start, end) => JSON.parse(bytes.toString('utf8', start, end))
/** bytea is printed as `\x` and hex digits (`bytea_output = hex`, the default). */
const readBytes: ReadValue = (bytes, start, end) => Buffer.from(bytes.toString('latin1', start + 2, end), 'hex')

/** Type numbers are fixed in PostgreSQL's pg_type.dat. int8 and numeric stay text: a JavaScript number would round them. */
const readers = new Map<number, ReadValue>([
  [16, readBoolean],
  [17, readBytes],
  [21, readNumber], // int2
  [23, readNumber], // int4
  [26, readNumber], // oid
  [114, readJson],
  [700, readNumber], // float4
  [701, readNumber], // float8
  [3802, readJson], // jsonb
])

/** The reader for a column of the type with this number; text for every type not named above. */
export const readerFor = (typeId: number): ReadValue => readers.get(typeId) ?? readText

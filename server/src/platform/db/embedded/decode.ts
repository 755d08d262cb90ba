/** Backend messages of the PostgreSQL wire protocol, version 3: from the bytes of a reply to rows and errors. */
import type { Rows } from '../driver.ts'
import { PgError } from './pg-error.ts'
import { type ReadValue, readerFor } from './values.ts'

/** What came back up to one ReadyForQuery: the answer to one simple query or to one sync. */
export interface Answer {
  results: Result[]
  error: PgError | null
  /** Where the session stands afterwards: I idle, T in a transaction, E in a failed one. */
  status: string
}

export interface Result extends Rows {
  /** The command tag, such as `INSERT 0 1`, or `ROLLBACK` when a COMMIT could not be done. */
  tag: string
}

export interface Reply {
  answers: Answer[]
}

interface Reading {
  reply: Reply
  results: Result[]
  open: Result
  readers: ReadValue[]
  error: PgError | null
}

const emptyResult = (): Result => ({ fields: [], rows: [], count: 0, tag: '' })

/** Reads a zero-terminated string; answers it with the position behind the zero. */
const cString = (bytes: Buffer, start: number): [text: string, next: number] => {
  const end = bytes.indexOf(0, start)
  return [bytes.toString('utf8', start, end), end + 1]
}

const readDescription = (reading: Reading, bytes: Buffer, start: number): void => {
  const count = bytes.readInt16BE(start)
  let at = start + 2
  for (let column = 0; column < count; column++) {
    const [name, next] = cString(bytes, at)
    reading.open.fields.push(name)
    reading.readers.push(readerFor(bytes.readUInt32BE(next + 6)))
    at = next + 18
  }
}

const readRow = (reading: Reading, bytes: Buffer, start: number): void => {
  let at = start + 2
  const row = reading.readers.map((read) => {
    const length = bytes.readInt32BE(at)
    at += 4
    if (length === -1) return null
    const value = read(bytes, at, at + length)
    at += length
    return value
  })
  reading.open.rows.push(row)
}

const closeResult = (reading: Reading, tag: string): void => {
  const touched = Number(tag.slice(tag.lastIndexOf(' ') + 1))
  reading.results.push({ ...reading.open, tag, count: Number.isNaN(touched) ? 0 : touched })
  reading.open = emptyResult()
  reading.readers = []
}

const readError = (bytes: Buffer, start: number): PgError => {
  const fields = new Map<string, string>()
  for (let at = start; bytes[at] !== 0; ) {
    const [value, next] = cString(bytes, at + 1)
    fields.set(bytes.toString('latin1', at, at + 1), value)
    at = next
  }
  return new PgError(fields)
}

const closeAnswer = (reading: Reading, status: string): void => {
  reading.reply.answers.push({ results: reading.results, error: reading.error, status })
  Object.assign(reading, { results: [], open: emptyResult(), readers: [], error: null })
}

/** Messages not named here carry nothing that we use: parse and bind complete, notices, settings. */
const readMessage = (reading: Reading, letter: string, bytes: Buffer, start: number): void => {
  switch (letter) {
    case 'D':
      return readRow(reading, bytes, start)
    case 'T':
      return readDescription(reading, bytes, start)
    case 'C':
      return closeResult(reading, cString(bytes, start)[0])
    case 'I':
      return closeResult(reading, '')
    case 'E':
      reading.error ??= readError(bytes, start)
      return
    case 'Z':
      return closeAnswer(reading, bytes.toString('latin1', start, start + 1))
  }
}

/** Reads everything that the database sent in reply to one flight. */
export const decodeReply = (bytes: Buffer): Reply => {
  const reading: Reading = {
    reply: { answers: [] },
    results: [],
    open: emptyResult(),
    readers: [],
    error: null,
  }
  for (let at = 0; at < bytes.length; ) {
    readMessage(reading, String.fromCharCode(bytes.readUInt8(at)), bytes, at + 5)
    at += 1 + bytes.readInt32BE(at + 1)
  }
  return reading.reply
}

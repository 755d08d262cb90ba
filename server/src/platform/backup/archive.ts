/**
 * A backup on disk: a gzipped tar of `manifest.json`, `data/<file>`, `tables/<number>-<table>.json`, `files/<key>` and, last,
 * `end.json` with the sha256 of each of them, so that a truncated or damaged archive is seen before it is used.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import tar from 'tar-stream'
import { z } from 'zod'
import { OperatorError } from '../errors.ts'
import { syncFolder } from '../storage/sync-folder.ts'

export class ArchiveError extends OperatorError {}

const end = 'end.json'
const End = z.object({ sha256: z.record(z.string(), z.string()) })

export interface ArchiveWriter {
  add(name: string, text: string): Promise<void>
  addStream(name: string, sizeBytes: number, from: Readable): Promise<void>
}

/** Writes an archive beside its place and names it when it is whole and on disk. */
export const writeArchive = async (path: string, fill: (writer: ArchiveWriter) => Promise<void>): Promise<void> => {
  const partial = `${path}.partial`
  const pack = tar.pack()
  const sha256: Record<string, string> = {}
  const addStream: ArchiveWriter['addStream'] = async (name, size, from) => {
    const meter = createMeter()
    await pipeline(from, meter.through, pack.entry({ name, size, mode: 0o600 }))
    sha256[name] = meter.digest()
  }
  const add = (name: string, text: string): Promise<void> => {
    const bytes = Buffer.from(text)
    return addStream(name, bytes.length, Readable.from([bytes]))
  }
  const written = pipeline(pack, createGzip(), createWriteStream(partial, { mode: 0o600, flush: true }))
  try {
    await Promise.race([
      written.then(() => Promise.reject(new Error('The archive ended early'))),
      fill({ add, addStream }),
    ])
    await add(end, JSON.stringify({ sha256 }))
    pack.finalize()
    await written
    await rename(partial, path)
    await syncFolder(dirname(path))
  } catch (error) {
    pack.destroy()
    await written.catch(() => undefined)
    await rm(partial, { force: true })
    throw error
  }
}

/** Gives each entry in turn. What is not read of one is passed over. @throws ArchiveError when it is no archive */
export const readArchive = async function* (path: string): AsyncGenerator<{ name: string; content: Readable }> {
  const extract = tar.extract()
  const unpacked = pipeline(createReadStream(path), createGunzip(), extract)
  // It is awaited below; a fault shows in the loop before that.
  unpacked.catch(() => undefined)
  try {
    for await (const entry of extract) {
      if (entry.header.type === 'file')
        yield { name: entry.header.name, content: Readable.from(contentOf(entry, path)) }
      entry.resume()
    }
    await unpacked
  } catch (error) {
    throw asArchiveError(error, path)
  } finally {
    extract.destroy()
  }
}

const contentOf = async function* (entry: AsyncIterable<unknown>, path: string): AsyncGenerator<unknown> {
  try {
    yield* entry
  } catch (error) {
    throw asArchiveError(error, path)
  }
}

const asArchiveError = (error: unknown, path: string): ArchiveError =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
    ? new ArchiveError(`There is no file ${path}.`, { cause: error })
    : new ArchiveError(`${path} is damaged or no backup.`, { cause: error })

/** Reads it all once and holds each entry against its hash. @throws ArchiveError naming the first that differs */
export const checkArchive = async (path: string): Promise<void> => {
  const found: Record<string, string> = {}
  let last = ''
  for await (const { name, content } of readArchive(path)) {
    if (name === end) last = await readText(content)
    else found[name] = await digestOf(content)
  }
  if (last === '') throw new ArchiveError(`${path} is not whole: its end is missing.`)
  const { sha256 } = End.parse(JSON.parse(last))
  for (const name of new Set([...Object.keys(sha256), ...Object.keys(found)])) {
    if (sha256[name] !== found[name]) throw new ArchiveError(`${path} is damaged: ${name} is not what was written.`)
  }
}

const digestOf = async (content: Readable): Promise<string> => {
  const hash = createHash('sha256')
  for await (const bytes of content) hash.update(bytes)
  return hash.digest('hex')
}

export const readText = async (content: Readable): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const bytes of content) chunks.push(bytes)
  return Buffer.concat(chunks).toString()
}

const createMeter = () => {
  const hash = createHash('sha256')
  const through = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      hash.update(bytes)
      done(null, bytes)
    },
  })
  return { through, digest: () => hash.digest('hex') }
}

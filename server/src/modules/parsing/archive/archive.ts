import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'
import { sentences, UnreadableFile } from '../failure.ts'
import { readDirectory, type ZipEntry } from './directory.ts'
import { archiveLimits, guardArchive } from './guard.ts'

const inflate = promisify(inflateRaw)

/** An archive that was weighed and found fit to open. */
export interface Archive {
  names: string[]
  has: (name: string) => boolean
  /** The bytes of one entry, or undefined without such an entry. */
  read: (name: string) => Promise<Buffer | undefined>
  close: () => Promise<void>
}

const damaged = (cause: unknown): UnreadableFile => new UnreadableFile('document_corrupt', sentences.damaged, cause)

const overflow = (cause?: unknown): UnreadableFile =>
  new UnreadableFile('document_too_complex', 'Unpacks to more than it says. It was not read further.', cause)

const readPacked = async (file: FileHandle, entry: ZipEntry): Promise<Buffer> => {
  const header = Buffer.alloc(30)
  await file.read(header, 0, 30, entry.headerOffset)
  if (header.readUInt32LE(0) !== 0x04034b50) throw damaged(new Error('zip: no local header'))
  const start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
  const packed = Buffer.alloc(entry.compressedSize)
  const { bytesRead } = await file.read(packed, 0, packed.length, start)
  if (bytesRead < packed.length) throw damaged(new Error('zip: cut off'))
  return packed
}

const isOverflow = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'

const unpack = async (packed: Buffer, entry: ZipEntry): Promise<Buffer> => {
  if (entry.method === 0) return packed
  if (entry.method !== 8)
    throw new UnreadableFile(
      'document_unsupported',
      'Packed in a way that is not read. Save it again in its own program and upload that copy.',
    )
  try {
    // One byte more than was promised is a lie, and inflating stops there.
    return await inflate(packed, { maxOutputLength: Math.max(1, entry.size) })
  } catch (error) {
    if (!isOverflow(error)) throw damaged(error)
    throw overflow(error)
  }
}

/** Opens and weighs a zip file. Throws `UnreadableFile`; the caller closes what it got. */
export const openArchive = async (path: string): Promise<Archive> => {
  const file = await open(path)
  try {
    const entries = await readDirectory(file, archiveLimits.entries)
    guardArchive(entries)
    // An entry may be asked for many times (a spine that names one chapter 10,000 times), so the sum counts too.
    let budget: number = archiveLimits.totalBytes
    const byName = new Map(entries.map((entry) => [entry.name, entry]))
    return {
      names: entries.map((entry) => entry.name),
      has: (name) => byName.has(name),
      read: async (name) => {
        const entry = byName.get(name)
        if (!entry) return undefined
        budget -= entry.size
        if (budget < 0) throw overflow()
        return unpack(await readPacked(file, entry), entry)
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

import type { FileHandle } from 'node:fs/promises'
import { sentences, UnreadableFile } from '../failure.ts'

/** One entry as the archive's central directory describes it. Names are data: nothing is ever written by them. */
export interface ZipEntry {
  name: string
  nameBytes: number
  /** 0 stored, 8 deflated; others are not read. */
  method: number
  encrypted: boolean
  compressedSize: number
  /** What the directory claims; the real output is counted while inflating. */
  size: number
  headerOffset: number
}

interface DirectoryPlace {
  entries: number
  offset: number
  size: number
}

const endSignature = 0x06054b50
const end64LocatorSignature = 0x07064b50
const end64Signature = 0x06064b50
const entrySignature = 0x02014b50
/** The end record is 22 bytes and a comment of at most 65,535. */
const endWindow = 22 + 0xffff
/** 10,000 entries with names of 800 bytes. A directory beyond it is not read. */
const largestDirectory = 8 * 1024 * 1024

const damaged = (why: string): UnreadableFile =>
  new UnreadableFile('document_corrupt', sentences.damaged, new Error(`zip: ${why}`))

const readAt = async (file: FileHandle, position: number, length: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}

const findEnd = (tail: Buffer): number => {
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === endSignature && at + 22 + tail.readUInt16LE(at + 20) <= tail.length) return at
  }
  throw damaged('no end record')
}

const large = (bytes: Buffer, at: number): number => {
  const value = bytes.readBigUInt64LE(at)
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('a size beyond 2^53')
  return Number(value)
}

const place64 = async (file: FileHandle, locator: Buffer): Promise<DirectoryPlace> => {
  const record = await readAt(file, large(locator, 8), 56)
  if (record.length < 56 || record.readUInt32LE(0) !== end64Signature) throw damaged('no zip64 end record')
  return {
    entries: large(record, 32),
    size: large(record, 40),
    offset: large(record, 48),
  }
}

const findDirectory = async (file: FileHandle, fileSize: number): Promise<DirectoryPlace> => {
  const tail = await readAt(file, Math.max(0, fileSize - endWindow), Math.min(fileSize, endWindow))
  const at = findEnd(tail)
  const locator = at >= 20 ? tail.subarray(at - 20, at) : undefined
  if (locator && locator.readUInt32LE(0) === end64LocatorSignature) return place64(file, locator)
  return {
    entries: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  }
}

/** Sizes of 0xFFFFFFFF stand in the zip64 extra field, in this order, only those that overflow. */
const widen = (entry: ZipEntry, extra: Buffer): ZipEntry => {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    let next = at + 4
    const take = (value: number): number => {
      if (value !== 0xffffffff) return value
      if (next + 8 > extra.length) throw damaged('a short zip64 field')
      next += 8
      return large(extra, next - 8)
    }
    const size = take(entry.size)
    const compressedSize = take(entry.compressedSize)
    return {
      ...entry,
      size,
      compressedSize,
      headerOffset: take(entry.headerOffset),
    }
  }
  return entry
}

/** Names without the UTF-8 flag are code page 437; the names that matter here are ASCII in both. */
const readEntry = (bytes: Buffer, at: number): { entry: ZipEntry; next: number } => {
  if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== entrySignature) throw damaged('a torn directory')
  const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30)
  const next = extraEnd + bytes.readUInt16LE(at + 32)
  if (next > bytes.length) throw damaged('a torn directory')
  const entry: ZipEntry = {
    name: bytes.toString('utf8', at + 46, nameEnd).replaceAll('\\', '/'),
    nameBytes: nameEnd - at - 46,
    encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
    method: bytes.readUInt16LE(at + 10),
    compressedSize: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    headerOffset: bytes.readUInt32LE(at + 42),
  }
  return { entry: widen(entry, bytes.subarray(nameEnd, extraEnd)), next }
}

/**
 * The entries of an archive by its central directory; nothing is inflated. Stops at `maxEntries` whatever the end
 * record claims. Throws `document_corrupt` for a torn archive, `document_too_complex` for too many entries.
 */
export const readDirectory = async (file: FileHandle, maxEntries: number): Promise<ZipEntry[]> => {
  const { size: fileSize } = await file.stat()
  const { entries: claimed, offset, size } = await findDirectory(file, fileSize)
  const tooMany = (): UnreadableFile =>
    new UnreadableFile(
      'document_too_complex',
      `Packs more than ${maxEntries.toLocaleString('en')} files into one. Nothing was read. Save the text alone and upload that.`,
    )
  if (claimed > maxEntries || size > largestDirectory) throw tooMany()
  if (offset + size > fileSize) throw damaged('the directory lies outside the file')
  const bytes = await readAt(file, offset, size)
  const entries: ZipEntry[] = []
  for (let at = 0; at < bytes.length; ) {
    const { entry, next } = readEntry(bytes, at)
    if (entries.length === maxEntries) throw tooMany()
    entries.push(entry)
    at = next
  }
  if (entries.some((entry) => entry.headerOffset + 30 + entry.compressedSize > fileSize)) throw damaged('cut off')
  return entries
}

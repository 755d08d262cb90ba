import { sentences, UnreadableFile } from '../failure.ts'
import type { ZipEntry } from './directory.ts'

export const archiveLimits = {
  entries: 10_000,
  totalBytes: 200_000_000,
  ratio: 100,
  /** Below this a high ratio does no harm: a sheet of empty cells packs 300 to 1. */
  ratioFreeBytes: 4_000_000,
} as const

const tooComplex = (what: string): UnreadableFile =>
  new UnreadableFile('document_too_complex', `${what} Nothing was read.`)

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000).toLocaleString('en')} MB`

const refuseOverlaps = (entries: ZipEntry[]): void => {
  const byPlace = [...entries].sort((a, b) => a.headerOffset - b.headerOffset)
  let end = 0
  for (const entry of byPlace) {
    if (entry.headerOffset < end)
      throw tooComplex('Its parts lie over each other, as only a trap for unpackers has them.')
    end = entry.headerOffset + 30 + entry.nameBytes + entry.compressedSize
  }
}

/**
 * Weighs an archive by its directory before anything in it is unpacked: total, ratio, overlaps, passwords.
 * Throws `document_too_complex` or `document_encrypted`. Sizes can lie, so `readEntryBytes` counts again.
 */
export const guardArchive = (entries: ZipEntry[]): void => {
  const total = entries.reduce((sum, entry) => sum + entry.size, 0)
  if (total > archiveLimits.totalBytes) {
    throw tooComplex(`Unpacks to ${megabytes(total)}; the limit is ${megabytes(archiveLimits.totalBytes)}.`)
  }
  const swollen = entries.find(
    ({ size, compressedSize }) => size > archiveLimits.ratioFreeBytes && size > compressedSize * archiveLimits.ratio,
  )
  if (swollen) {
    const ratio = Math.round(swollen.size / Math.max(1, swollen.compressedSize))
    throw tooComplex(`A part of it unpacks to ${ratio} times its size; the limit is ${archiveLimits.ratio}.`)
  }
  if (entries.some((entry) => entry.encrypted)) throw new UnreadableFile('document_encrypted', sentences.locked)
  refuseOverlaps(entries)
}

/** Files of people, as streams. Keys are made here; a person's name for a file is never part of one. */
import type { Readable } from 'node:stream'

export interface StoredFile {
  sha256: string
  sizeBytes: number
  /** The first bytes, from which the type is told. */
  head: Buffer
}

/** A file that has arrived whole but has no place yet: keep it or drop it. */
export interface Arrival extends StoredFile {
  /** Where it lies until then, on this machine. */
  path: string
  /** Gives it its place. Resolves when that is on disk. */
  keep(key: string): Promise<void>
  /** Removes it, unless it was kept. */
  drop(): Promise<void>
}

export interface Storage {
  /** Takes a stream in, counting and hashing; nothing is kept when it fails. @throws AppError `storage_full` */
  receive(stream: Readable): Promise<Arrival>
  open(key: string): Promise<Readable>
  /** A path on this machine for programs that need one; copied here first where files are elsewhere. */
  withLocalPath<T>(key: string, use: (path: string) => Promise<T>): Promise<T>
  remove(key: string): Promise<void>
  /** Keys below a folder of keys, or all of them below '', with the time of their writing. */
  list(prefix: string): AsyncIterable<{ key: string; writtenAt: Date }>
}

/** Keys are `<institution>/<two letters>/<id>`: of generated parts alone. */
export const storageKey = (institutionId: string, id: string): string => `${institutionId}/${id.slice(-2)}/${id}`

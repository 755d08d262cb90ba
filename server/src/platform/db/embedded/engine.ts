/** PGlite as this product runs it: with real syncs, from the prepared image, and fed with raw protocol. Lives in the worker. */
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { vector } from '@electric-sql/pglite-pgvector'
import { joined } from './bytes.ts'
import { prepareFolder } from './prepare-folder.ts'
import { ImageInMemory, type Storage, SyncedFolder } from './storage.ts'

const settings = {
  fsync: 'on',
  /** The method that reaches our fsync: PGlite's file system passes fdatasync to nobody. */
  wal_sync_method: 'fsync',
  /**
   * PostgreSQL's default of 128MB costs 100 MB more of resident memory (375 against 275) and wins only where
   * a table of 16 to 32 MB is scanned whole: 13 ms against 49 for 15,000 vectors of 384.
   */
  shared_buffers: '64MB',
  timezone: 'UTC',
}

/** PGlite's own parameters, but without `-F`, which turns fsync off. */
const startParams = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
]

/** Reading all array types at the start serves PGlite's own parsers alone, which we do not use; it costs 0.1 CPU-seconds. */
class PlainPGlite extends PGlite {
  override async _initArrayTypes(): Promise<void> {}
}

export interface Engine {
  /** Sends one flight of protocol messages; answers everything that came back. */
  run(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  syncs(): number
  close(): Promise<void>
}

/** PGlite hands out views of its memory, which the next bytes overwrite. */
const collect = async (database: PGlite, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>[]> => {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  await database.execProtocolRawStream(bytes, {
    syncToFs: false,
    onRawData: (chunk) => chunks.push(new Uint8Array(chunk)),
  })
  return chunks
}

/** Opens the database in `dir`, making one when the folder is empty; in memory when `dir` is null. */
export const openEngine = async (dir: string | null): Promise<Engine> => {
  if (dir !== null) prepareFolder(dir)
  const storage: Storage = dir === null ? new ImageInMemory() : new SyncedFolder(dir)
  const database = new PlainPGlite({ fs: storage, startParams, extensions: { vector, pg_trgm } })
  await database.waitReady
  return {
    run: async (bytes) => joined(await collect(database, bytes)),
    syncs: () => storage.syncs,
    close: () => database.close(),
  }
}

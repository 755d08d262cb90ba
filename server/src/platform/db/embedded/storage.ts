/** Where PGlite keeps its files. Lives in the worker. */
import { fsyncSync } from 'node:fs'
import { MemoryFS, PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { readImage } from './image.ts'
import { syncFolder } from './prepare-folder.ts'

type Filesystem = NodeFS | MemoryFS
type Init = Parameters<Filesystem['init']>
type EmscriptenOptions = Init[1]

export type Storage = Filesystem & { readonly syncs: number }

/** The part of Emscripten's module that is touched here; its own types leave these out. */
interface Module {
  FS: {
    mkdirTree(path: string): void
    writeFile(path: string, bytes: Uint8Array, options: { canOwn: boolean }): void
    ErrnoError: new (errno: number) => Error
    filesystems: { NODEFS: { stream_ops: StreamOps; realPath(node: unknown): string } }
  }
}
interface Stream {
  /** Node's file descriptor; a folder has none. */
  nfd?: number
  node: unknown
}
interface StreamOps {
  fsync?: (stream: Stream) => number
}

/** EIO in Emscripten's numbering (wasi errno). PostgreSQL must hear of a failed sync: it then stops rather than believe it. */
const ioError = 29

const dataFolder = PGlite.paths.PGDATA

const withPreRun = (options: EmscriptenOptions, step: (module: Module) => void): EmscriptenOptions => {
  const before = options.preRun ?? []
  // The platform's edge: Emscripten's module has no published type that covers its file systems.
  return { ...options, preRun: [...before, step as unknown as (typeof before)[number]] }
}

/** A folder whose syncs reach the disk. PGlite's NodeFS has no fsync at all, so PostgreSQL's commits would be lost with the power. */
export class SyncedFolder extends NodeFS {
  syncs = 0

  override async init(...[database, options]: Init): ReturnType<NodeFS['init']> {
    const mounted = await super.init(database, options)
    return { emscriptenOpts: withPreRun(mounted.emscriptenOpts, (module) => this.#passSyncsOn(module)) }
  }

  #passSyncsOn({ FS }: Module): void {
    const { NODEFS } = FS.filesystems
    NODEFS.stream_ops.fsync = (stream) => {
      try {
        if (stream.nfd === undefined) syncFolder(NODEFS.realPath(stream.node))
        else fsyncSync(stream.nfd)
      } catch {
        throw new FS.ErrnoError(ioError)
      }
      this.syncs += 1
      return 0
    }
  }
}

/** A database in memory that starts from the prepared image. */
export class ImageInMemory extends MemoryFS {
  syncs = 0

  override async init(...[database, options]: Init): ReturnType<MemoryFS['init']> {
    const mounted = await super.init(database, options)
    return { emscriptenOpts: withPreRun(mounted.emscriptenOpts, unpackInto) }
  }
}

const unpackInto = ({ FS }: Module): void => {
  FS.mkdirTree(dataFolder)
  for (const file of readImage()) {
    const path = `${dataFolder}/${file.path}`
    if (file.bytes === null) FS.mkdirTree(path)
    // The file keeps the image's own memory: nothing else uses it.
    else FS.writeFile(path, file.bytes, { canOwn: true })
  }
}

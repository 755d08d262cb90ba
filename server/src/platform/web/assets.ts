/** The built web app in memory: a few megabytes, with the compressed forms that the build made. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

export interface Asset {
  type: string
  body: Buffer
  /** Absent where the build made none: fonts and pictures are compressed by their kind. */
  gzip?: Buffer
  brotli?: Buffer
  etag: string
  /** Its name holds a hash of its content. */
  isImmutable: boolean
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}
const compressed = /\.(br|gz)$/

/** Every file of a build by its address. Empty when there is no build. */
export const loadAssets = async (folder: string): Promise<Map<string, Asset>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !compressed.test(entry.name))
  const loaded = await Promise.all(files.map((entry) => loadAsset(folder, join(entry.parentPath, entry.name))))
  return new Map(loaded)
}

const loadAsset = async (folder: string, path: string): Promise<[string, Asset]> => {
  const [body, gzip, brotli] = await Promise.all([readFile(path), readIfThere(`${path}.gz`), readIfThere(`${path}.br`)])
  const type = types[extname(path)] ?? 'application/octet-stream'
  const address = `/${relative(folder, path).split(sep).join('/')}`
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 20)}"`
  const isImmutable = address.startsWith('/assets/')
  return [address, { type, body, etag, isImmutable, ...(gzip && { gzip }), ...(brotli && { brotli }) }]
}

const readIfThere = (path: string): Promise<Buffer | null> => readFile(path).catch(() => null)

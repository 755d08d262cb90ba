import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Detected, detectMediaType, headBytes } from '../detect.ts'
import { parseFile } from '../parse-file.ts'
import type { ParsedOutcome, ParsedPage, ParseLimits } from '../types.ts'

/** Runs with a file of these bytes that is gone afterwards. */
export const withFile = async <T>(
  name: string,
  bytes: Buffer | string,
  use: (path: string) => Promise<T>,
): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'lyceum-parsing-'))
  try {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return await use(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

export const readHead = async (path: string): Promise<Buffer> => {
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(headBytes)
    const { bytesRead } = await file.read(buffer, 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

export const detectFile = async (path: string): Promise<Detected> =>
  detectMediaType(await readHead(path), basename(path), path)

export interface Reading {
  outcome: ParsedOutcome | Detected
  pages: ParsedPage[]
  started: number[]
}

/** Detects and parses as the library does on an upload. */
export const readPath = async (path: string, limits: Partial<ParseLimits> = {}): Promise<Reading> => {
  const pages: ParsedPage[] = []
  const started: number[] = []
  const detected = await detectFile(path)
  if (!detected.ok || detected.kind !== 'document') return { outcome: detected, pages, started }
  const file = { path, mediaType: detected.mediaType, fileName: basename(path) }
  const outcome = await parseFile(
    file,
    limits,
    (page) => void pages.push(page),
    ({ pageCount }) => void started.push(pageCount),
  )
  return { outcome, pages, started }
}

export const readBytes = (name: string, bytes: Buffer | string, limits: Partial<ParseLimits> = {}): Promise<Reading> =>
  withFile(name, bytes, (path) => readPath(path, limits))

/** The failure code of a reading, or 'ok'. */
export const codeOf = ({ outcome }: Reading): string => (outcome.ok ? 'ok' : outcome.failure)
export const textOf = ({ pages }: Reading): string => pages.map((page) => page.text).join('\n\n')

/** The rules of the house, read from the imports. A rule that is broken is named with the file that broke it. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { allRoutes } from '@lyceum/contract'

const root = join(import.meta.dirname, '../..')

interface Source {
  path: string
  text: string
  imports: string[]
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g

const readSources = (pattern: string): Source[] =>
  globSync(pattern, { cwd: root })
    .filter((path) => !path.includes('node_modules'))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      const found = [...text.matchAll(importPattern)].map(([, a, b, c]) => a ?? b ?? c ?? '')
      return {
        path,
        text,
        imports: found.map((name) => (name.startsWith('.') ? relative(root, join(root, dirname(path), name)) : name)),
      }
    })

const contract = readSources('contract/src/**/*.ts')
const platform = readSources('server/src/platform/**/*.ts')
const modules = readSources('server/src/modules/**/*.ts')
const rootFiles = readSources('server/src/*.ts')
const web = readSources('web/src/**/*.{ts,tsx}')
const isTest = ({ path }: Source): boolean => path.endsWith('.test.ts') || /\/testing(\/|\.ts)/.test(path)
const product = (sources: Source[]): Source[] => sources.filter((source) => !isTest(source))

const moduleOf = (path: string): string => /^server\/src\/modules\/([^/]+)\//.exec(path)?.[1] ?? ''

/** Every import of `sources` for which `isAllowed` is false, as lines to read. */
const broken = (sources: Source[], isAllowed: (name: string, source: Source) => boolean): string[] => {
  assert.ok(sources.length > 0, 'a check that inspects nothing proves nothing')
  return sources.flatMap((source) =>
    source.imports.filter((name) => !isAllowed(name, source)).map((name) => `${source.path} imports ${name}`),
  )
}

const moduleNeeds = (): Map<string, string[]> => {
  const byModule = Map.groupBy(product(modules), ({ path }) => moduleOf(path))
  const faces = (sources: Source[]): string[] =>
    sources.flatMap(({ imports }) =>
      imports.filter((name) => name.startsWith('#modules/')).map((name) => name.slice('#modules/'.length)),
    )
  return new Map([...byModule].map(([name, sources]) => [name, faces(sources)]))
}

describe('imports run one way', () => {
  it('the contract knows Zod and itself', () => {
    assert.deepEqual(
      broken(product(contract), (name) => name === 'zod' || name.startsWith('contract/src/')),
      [],
    )
  })

  it('the platform knows no module and not the app', () => {
    const isForeign = (name: string): boolean =>
      /^(#modules|#src|#testing)\//.test(name) ||
      (name.startsWith('server/src/') && !name.startsWith('server/src/platform/'))
    assert.deepEqual(
      broken(product(platform), (name) => !isForeign(name)),
      [],
    )
  })

  it('modules know each other through their faces', () => {
    const isAllowed = (name: string, { path }: Source): boolean => {
      if (name.startsWith('#src/') || name.startsWith('#testing/')) return false
      return !name.startsWith('server/src/') || name.startsWith(`server/src/modules/${moduleOf(path)}/`)
    }
    assert.deepEqual(broken(product(modules), isAllowed), [])
    assert.deepEqual(
      broken(product(modules), (name) => !/^#modules\/.*\//.test(name)),
      [],
    )
  })

  it('modules stand in an order without circles', () => {
    const needs = moduleNeeds()
    assert.ok(needs.size > 3)
    const placed = new Set<string>()
    // Each round places the modules whose needs all stand; the last one places none.
    for (let before = -1; before !== placed.size; ) {
      before = placed.size
      const ready = [...needs].filter(([, known]) => known.every((other) => placed.has(other)))
      for (const [name] of ready) placed.add(name)
    }
    assert.deepEqual(
      [...needs.keys()].filter((name) => !placed.has(name)),
      [],
      'these import each other',
    )
  })

  it('the web app knows the contract and not the server; features do not know each other', () => {
    const layers = ['lib', 'ui', 'features', 'app']
    const layerOf = (path: string): number => layers.indexOf(/^web\/src\/([^/]+)\//.exec(path)?.[1] ?? 'app')
    const featureOf = (path: string): string => /^web\/src\/features\/([^/]+)\//.exec(path)?.[1] ?? ''
    const isAllowed = (name: string, { path }: Source): boolean => {
      if (name.startsWith('server/') || name.startsWith('#') || name.startsWith('@lyceum/server')) return false
      if (!name.startsWith('web/src/')) return true
      if (featureOf(path) && featureOf(name) && featureOf(path) !== featureOf(name)) return false
      return layerOf(name) <= layerOf(path) || layerOf(path) === -1
    }
    assert.deepEqual(
      broken(
        web.filter(({ path }) => !path.endsWith('.test.ts')),
        isAllowed,
      ),
      [],
    )
  })
})

describe('habits', () => {
  const everything = product([...contract, ...platform, ...modules, ...rootFiles])

  it('the environment is read at the entrance alone', () => {
    const entrance = new Set(['server/src/cli.ts', 'server/src/main.ts'])
    const readers = everything.filter(({ path, text }) => !entrance.has(path) && /process\.env\b/.test(text))
    assert.deepEqual(
      readers.map(({ path }) => path),
      [],
    )
  })

  it('a table is written by its own module alone', () => {
    const owners = new Map<string, string>()
    const home = ({ path }: Source): string => moduleOf(path) || dirname(path)
    for (const source of [...modules, ...platform]) {
      if (!source.path.endsWith('/tables.ts')) continue
      for (const [, name] of source.text.matchAll(/export const (\w+) = pgTable/g)) owners.set(name ?? '', home(source))
    }
    assert.ok(owners.size > 10)
    const writes = product([...modules, ...platform]).flatMap((source) =>
      [...source.text.matchAll(/\.(?:insert|update|delete)\(\s*(\w+)\s*\)/g)]
        .filter(([, table]) => owners.has(table ?? '') && owners.get(table ?? '') !== home(source))
        .map(([, table]) => `${source.path} writes ${table} of ${owners.get(table ?? '')}`),
    )
    assert.deepEqual(writes, [])
  })

  it('the role that sees everything is entered to copy an installation, and for nothing else', () => {
    const enterers = everything.filter(({ text }) => /set local role lyceum_backup/.test(text))
    assert.deepEqual(
      enterers.map(({ path }) => path),
      ['server/src/platform/backup/rows.ts'],
    )
  })

  it('no file has grown past what a newcomer takes in', () => {
    const long = everything.filter(({ text }) => text.split('\n').length > 300)
    assert.deepEqual(
      long.map(({ path }) => path),
      [],
    )
  })

  it('nothing of the shape is asked outside the platform', () => {
    const askers = [...product(modules), ...product(rootFiles)].filter(({ text }) =>
      /['"](embedded|postgres|redis)['"]/.test(text),
    )
    assert.deepEqual(
      askers.map(({ path }) => path),
      [],
    )
  })

  it('every call of the contract has a stable name and a known guard', () => {
    assert.ok(allRoutes.length > 20)
    assert.equal(new Set(allRoutes.map(({ id }) => id)).size, allRoutes.length)
    const guards = new Set(['anyone', 'signed_in', 'staff', 'admin'])
    assert.deepEqual(
      allRoutes.filter(({ auth }) => !guards.has(auth)),
      [],
    )
  })
})

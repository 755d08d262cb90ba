/** What holds in every file of the page, and no linter knows. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, it } from 'node:test'

const filesEndingIn = (...endings: string[]): { path: string; text: string }[] =>
  readdirSync(import.meta.dirname, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(import.meta.dirname, path), text: readFileSync(path, 'utf8') }))

/** Without comments, and without the word that may stand between two tags. */
const codeOf = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
    .replace(/\breturn\b/g, '')

/** Where something stands, for a message that can be acted on. */
const find = (files: { path: string; text: string }[], pattern: RegExp): string[] =>
  files.flatMap(({ path, text }) => [...codeOf(text).matchAll(pattern)].map(([found]) => `${path}: ${found.trim()}`))

const components = filesEndingIn('.tsx')
const scripts = filesEndingIn('.ts', '.tsx').filter(({ path }) => !path.endsWith('.test.ts'))
const sheets = filesEndingIn('.css')

describe('every file', () => {
  it('is looked at', () => {
    assert.ok(components.length > 30)
    assert.ok(sheets.length > 5)
  })

  it('takes its words from the catalogues', () => {
    // Words between tags, before a tag or a value, and in the attributes that people see or hear.
    const between = /(?<!=)>[^<>{}=;()|&]*\p{L}{2,}[^<>{}=;()|&]*[<{]/gu
    const afterValue = /\}[^<>{}=;(),'|&]*\p{L}{2,}[^<>{}=;(),'|&]*<\//gu
    const attributes = /\b(?:aria-label|title|placeholder|alt|label)="[^"]*\p{L}[^"]*"/gu
    const hits = (files: typeof components): string[] =>
      [between, afterValue, attributes].flatMap((pattern) => find(files, pattern))
    const planted = ['<p>Hello there</p>', '<p>Hello {name}</p>', '<p>{name} said</p>', '<a title="Go home" />']
    for (const text of planted) assert.equal(hits([{ path: 'planted', text }]).length, 1, text)
    assert.deepEqual(hits(components), [])
  })

  it('names sides by the direction of reading', () => {
    const physical =
      /(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|left|right|top|bottom|float)\s*:/g
    const aligned = /text-align\s*:\s*(?:left|right)/g
    assert.deepEqual([...find(sheets, physical), ...find(sheets, aligned)], [])
    assert.deepEqual(find(components, /\b(?:marginLeft|marginRight|paddingLeft|paddingRight)\b/g), [])
  })

  it('makes no markup from text, and runs none', () => {
    assert.deepEqual(find(scripts, /dangerouslySetInnerHTML|\.innerHTML|\beval\(|new Function\(/g), [])
  })

  it('keeps no token', () => {
    assert.deepEqual(find(scripts, /accessToken|refreshToken|document\.cookie/g), [])
  })

  it('stays small', () => {
    const long = [...scripts, ...components].filter(({ text }) => text.split('\n').length > 160)
    assert.deepEqual(
      long.map(({ path }) => path),
      [],
    )
  })

  it('knows only what stands below it: features no other feature, shared parts no feature', () => {
    const imports = scripts.flatMap(({ path, text }) =>
      [...text.matchAll(/from '(\.[^']+)'/g)].map(([, target = '']) => ({
        path,
        target: relative(import.meta.dirname, join(import.meta.dirname, path, '..', target)),
      })),
    )
    const placeOf = (path: string): string =>
      path
        .split('/')
        .slice(0, path.startsWith('features/') ? 2 : 1)
        .join('/')
    const isWrong = ({ path, target }: { path: string; target: string }): boolean => {
      const [from, to] = [placeOf(path), placeOf(target)]
      if (from === to || from === 'app' || to === 'lib') return false
      return !(from.startsWith('features/') && to === 'ui')
    }
    assert.ok(imports.length > 100)
    assert.deepEqual(imports.filter(isWrong), [])
  })
})

import { Parser } from 'htmlparser2'
import { UnreadableFile } from '../failure.ts'
import { decodeText, detectCharset } from '../text/encoding.ts'

/** An element with names and attributes without their prefixes: Office files differ in them and never in meaning. */
export interface Element {
  name: string
  attributes: Record<string, string>
  children: (Element | string)[]
}

/** Walkers call themselves for each level, so the depth is bounded; real documents stay under 100. */
const deepest = 400

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** `r:id` points to another part and often stands beside an `id` of its own, so it is kept apart. */
const localAttributes = (attributes: Record<string, string>): Record<string, string> => {
  const local: Record<string, string> = {}
  for (const [name, value] of Object.entries(attributes))
    local[name === 'r:id' ? 'relationId' : localName(name)] ??= value
  return local
}

/**
 * Reads markup into a tree. The parser knows no document types: it expands nothing but the predefined characters and
 * fetches nothing, so entity bombs and outside entities stay inert text.
 */
const parse = (text: string, xmlMode: boolean): Element => {
  const root: Element = { name: '', attributes: {}, children: [] }
  const open: Element[] = [root]
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        const element = {
          name: localName(name),
          attributes: localAttributes(attributes),
          children: [],
        }
        open.at(-1)?.children.push(element)
        open.push(element)
        if (open.length > deepest)
          throw new UnreadableFile('document_too_complex', 'Its parts are nested too deeply. Nothing was read.')
      },
      ontext: (data) => open.at(-1)?.children.push(data),
      onclosetag: () => void (open.length > 1 && open.pop()),
    },
    { xmlMode, decodeEntities: true },
  )
  parser.end(text)
  return root
}

const declaredEncoding = (bytes: Buffer): string | undefined =>
  /(?:encoding|charset)\s*=\s*["']?\s*([a-z0-9_-]+)/i.exec(bytes.toString('latin1', 0, 2048))?.[1]

const decode = (bytes: Buffer): string => {
  const found = detectCharset(bytes, true)
  // What is valid UTF-8 is UTF-8, whatever it says; legacy encodings are believed when they are named.
  if (found && !found.startsWith('windows')) return decodeText(bytes, found)
  try {
    return new TextDecoder(declaredEncoding(bytes) ?? found ?? 'utf-8').decode(bytes)
  } catch {
    return decodeText(bytes, found ?? 'utf-8')
  }
}

export const parseXml = (bytes: Buffer): Element => parse(decode(bytes), true)
export const parseHtml = (bytes: Buffer): Element => parse(decode(bytes), false)

/** An empty element to stand for a part that an archive lacks. */
export const nothing: Element = { name: '', attributes: {}, children: [] }

export const elementsOf = (element: Element): Element[] =>
  element.children.filter((child): child is Element => typeof child !== 'string')

export const childOf = (element: Element | undefined, name: string): Element | undefined =>
  element && elementsOf(element).find((child) => child.name === name)

/** All descendants of a name, in document order, not looking inside those found. */
export const findAll = (element: Element, name: string): Element[] =>
  elementsOf(element).flatMap((child) => (child.name === name ? [child] : findAll(child, name)))

export const findFirst = (element: Element, name: string): Element | undefined => {
  for (const child of elementsOf(element)) {
    const found = child.name === name ? child : findFirst(child, name)
    if (found) return found
  }
  return undefined
}

export const textOf = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')

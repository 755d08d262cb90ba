import { childOf, type Element, elementsOf, findAll } from './markup.ts'

/** What a paragraph style means for reading. */
export interface StyleMeaning {
  level: number
  isCode: boolean
  numId: string | undefined
}

interface RawStyle {
  name: string
  basedOn: string | undefined
  outline: string | undefined
  numId: string | undefined
}

const settingOf = (element: Element | undefined, name: string): string | undefined =>
  childOf(element, name)?.attributes.val

const readStyle = (style: Element): RawStyle => {
  const properties = childOf(style, 'pPr')
  return {
    name: (settingOf(style, 'name') ?? '').toLowerCase(),
    basedOn: settingOf(style, 'basedOn'),
    outline: settingOf(properties, 'outlineLvl'),
    numId: settingOf(childOf(properties, 'numPr'), 'numId'),
  }
}

const headingLevel = ({ name, outline }: RawStyle): number => {
  const byName = /^heading (\d)/.exec(name)?.[1]
  if (byName) return Math.min(6, Number(byName))
  if (name === 'title') return 1
  return outline !== undefined && Number(outline) < 6 ? Number(outline) + 1 : 0
}

/** The paragraph styles of a DOCX by id, what they inherit included. Names are English in every language's Word. */
export const readStyles = (root: Element): Map<string, StyleMeaning> => {
  const raw = new Map(findAll(root, 'style').map((style) => [style.attributes.styleId ?? '', readStyle(style)]))
  const mean = (id: string | undefined, depth: number): StyleMeaning => {
    const style = id === undefined ? undefined : raw.get(id)
    if (!style || depth > 10) return { level: 0, isCode: false, numId: undefined }
    const inherited = mean(style.basedOn, depth + 1)
    return {
      level: headingLevel(style) || inherited.level,
      isCode: /\bcode\b|source|preformatted|macro text|verbatim/.test(style.name) || inherited.isCode,
      numId: style.numId ?? inherited.numId,
    }
  }
  return new Map([...raw.keys()].map((id) => [id, mean(id, 0)]))
}

/** The number formats of a DOCX's lists: list id -> level -> format ('bullet', 'decimal', ...). */
export const readNumbering = (root: Element): Map<string, string[]> => {
  const formats = new Map<string, string[]>()
  const abstracts = new Map<string, string[]>()
  for (const each of findAll(root, 'abstractNum')) {
    const levels = elementsOf(each).filter((child) => child.name === 'lvl')
    abstracts.set(
      each.attributes.abstractNumId ?? '',
      levels.map((level) => settingOf(level, 'numFmt') ?? 'decimal'),
    )
  }
  for (const each of findAll(root, 'num')) {
    formats.set(each.attributes.numId ?? '', abstracts.get(settingOf(each, 'abstractNumId') ?? '') ?? [])
  }
  return formats
}

/** Counts list items as Word shows them: '- ' for bullets, '1. ', 'a. ' for numbers, indented by depth. */
export const startListCounter = (formats: Map<string, string[]>): ((numId: string, depth: number) => string) => {
  const counts = new Map<string, number[]>()
  return (numId, depth) => {
    const format = formats.get(numId)?.[depth] ?? 'bullet'
    const indent = '  '.repeat(Math.min(depth, 4))
    if (format === 'bullet' || format === 'none') return `${indent}- `
    const reached = (counts.get(numId) ?? []).slice(0, depth + 1)
    const number = (reached[depth] ?? 0) + 1
    reached[depth] = number
    counts.set(numId, reached)
    const sign = format.endsWith('Letter') && number <= 26 ? String.fromCharCode(96 + number) : String(number)
    return `${indent}${sign}. `
  }
}

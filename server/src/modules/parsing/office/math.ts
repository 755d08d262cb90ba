import { childOf, type Element, elementsOf, textOf } from './markup.ts'

const group = (text: string): string => (/^[\p{L}\p{N}.,]*$/u.test(text) ? text : `(${text})`)

const part = (element: Element, name: string): string => {
  const child = childOf(element, name)
  return child ? mathText(child).trim() : ''
}

const nth = (element: Element, index: number): string => {
  const child = elementsOf(element)[index]
  return child ? mathText(child).trim() : ''
}

const scripted = (base: string, sub: string, sup: string): string =>
  base + (sub && `_${group(sub)}`) + (sup && `^${group(sup)}`)

/** Office Math and MathML, by local name. */
const shapes: Record<string, (element: Element) => string> = {
  // Office Math
  f: (each) => `${group(part(each, 'num'))}/${group(part(each, 'den'))}`,
  sSup: (each) => scripted(part(each, 'e'), '', part(each, 'sup')),
  sSub: (each) => scripted(part(each, 'e'), part(each, 'sub'), ''),
  sSubSup: (each) => scripted(part(each, 'e'), part(each, 'sub'), part(each, 'sup')),
  rad: (each) => `${part(each, 'deg') && `${part(each, 'deg')}`}√${group(part(each, 'e'))}`,
  nary: (each) =>
    `${scripted(childOf(childOf(each, 'naryPr'), 'chr')?.attributes.val ?? '∫', part(each, 'sub'), part(each, 'sup'))} ${part(each, 'e')}`,
  d: (each) =>
    `(${elementsOf(each)
      .filter((child) => child.name === 'e')
      .map(mathText)
      .join(', ')})`,
  // MathML
  mfrac: (each) => `${group(nth(each, 0))}/${group(nth(each, 1))}`,
  msup: (each) => scripted(nth(each, 0), '', nth(each, 1)),
  msub: (each) => scripted(nth(each, 0), nth(each, 1), ''),
  msubsup: (each) => scripted(nth(each, 0), nth(each, 1), nth(each, 2)),
  msqrt: (each) => `√${group(elementsOf(each).map(mathText).join(''))}`,
  semantics: (each) => nth(each, 0),
}

const texOf = (element: Element): string | undefined => {
  if (element.name === 'annotation' && /tex/i.test(element.attributes.encoding ?? '')) return textOf(element).trim()
  for (const child of elementsOf(element)) {
    const tex = texOf(child)
    if (tex) return tex
  }
  return undefined
}

const mathText = (element: Element): string => {
  const shape = shapes[element.name]
  if (shape) return shape(element)
  if (/Pr$/.test(element.name)) return ''
  return element.children.map((child) => (typeof child === 'string' ? child.trim() : mathText(child))).join('')
}

/** A formula on one line: as TeX where the file carries TeX, else in plain signs (`(a + b)/2`, `x^2`). */
export const formulaText = (element: Element): string => {
  const tex = texOf(element)
  return tex ? `$${tex}$` : mathText(element).trim()
}

import type { PDFPageProxy } from 'pdfjs-dist'
import type { FontStyle } from './load-pdfjs.ts'
import type { Run } from './model.ts'

/** Font names of TeX (CMBX, SFBX, ...) and of everybody else. */
const boldName = /bold|black|heavy|demi|(^|\+)(CM|SF|EC|LM)[A-Z]*B[XC]?\d/i
const monoName = /mono|courier|consol|typewriter|(^|\+)(CMTT|SFTT|ECTT|LMTT|txtt|pcr)/i
const rtlLetters = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/g
const ltrLetters = /[A-Za-z\u00C0-\u024F\u0370-\u052F]/g

const isMostlyRtl = (text: string): boolean => {
  const letters = text.match(rtlLetters)
  return letters !== null && letters.length > (text.match(ltrLetters)?.length ?? 0)
}

interface Item {
  str: string
  dir: string
  width: number
  height: number
  transform: number[]
  fontName: string
}

type Matrix = [number, number, number, number, number, number]

const multiply = (m: Matrix, t: number[]): Matrix => {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = t
  return [
    m[0] * a + m[2] * b,
    m[1] * a + m[3] * b,
    m[0] * c + m[2] * d,
    m[1] * c + m[3] * d,
    m[0] * e + m[2] * f + m[4],
    m[1] * e + m[3] * f + m[5],
  ]
}

/** Text that stands at another angle than the page (a stamp across it, labels of an axis) is read on its own. */
const isLevel = (m: Matrix): boolean => Math.abs(m[1]) < Math.abs(m[0]) * 0.1 && m[0] > 0

const toRun = (item: Item, m: Matrix, style: FontStyle | undefined, isSpaced: boolean): Run => {
  const name = style?.name ?? ''
  const size = Math.hypot(m[2], m[3])
  return {
    text: item.str,
    x0: m[4],
    x1: m[4] + item.width,
    baseline: m[5],
    size,
    font: item.fontName,
    isMono: style?.isMonospace === true || monoName.test(name),
    isBold: boldName.test(name),
    isRtl: isMostlyRtl(item.str),
    isSpaced,
  }
}

/** Bullets of symbol fonts come as private characters; other private ones mean nothing outside their font. */
const symbolBullet = /[\uF0A7\uF0B7\uF06C\uF0D8\uF0FC]/g
const privateCharacters = /[\uE000-\uF8FF\u{F0000}-\u{10FFFD}]/gu

const plainText = (text: string): string => text.replace(symbolBullet, '•').replace(privateCharacters, '')

export interface PageRuns {
  width: number
  height: number
  /** Printed sideways: the places of its lines are not where they are seen. */
  isSideways: boolean
  runs: Run[]
}

/** The page's text in the order of its content stream, in points from the top left, upright as it is shown. */
export const readRuns = async (page: PDFPageProxy): Promise<PageRuns> => {
  const viewport = page.getViewport({ scale: 1 })
  const content = await page.getTextContent({
    disableNormalization: true,
    includeMarkedContent: false,
  })
  const styles = content.styles as Record<string, FontStyle>
  const runs: Run[] = []
  const tilted: Run[] = []
  let isSpaced = false
  for (const item of content.items as Item[]) {
    const str = plainText(item.str)
    if (str.trim() === '') {
      isSpaced = true
      continue
    }
    const matrix = multiply(viewport.transform as Matrix, item.transform)
    const run = toRun({ ...item, str }, matrix, styles[item.fontName], isSpaced)
    isSpaced = false
    // A matrix of a broken file can hold anything.
    if (![run.x0, run.x1, run.baseline, run.size].every(Number.isFinite)) continue
    if (isLevel(matrix)) runs.push(run)
    else tilted.push(upright(run, matrix, viewport))
  }
  // A page printed sideways without saying so: its tilted text is its text.
  const isSideways = tilted.length > runs.length
  return {
    width: viewport.width,
    height: viewport.height,
    isSideways,
    runs: isSideways ? tilted : runs,
  }
}

/** Turns a tilted run to the level: what ran up or down the page runs along it. */
const upright = (run: Run, m: Matrix, page: { width: number; height: number }): Run => {
  const width = run.x1 - run.x0
  const isUpwards = m[1] < 0
  const x0 = isUpwards ? page.height - m[5] : m[5]
  const baseline = isUpwards ? m[4] : page.width - m[4]
  return { ...run, x0, x1: x0 + width, baseline, size: Math.hypot(m[2], m[3]) }
}

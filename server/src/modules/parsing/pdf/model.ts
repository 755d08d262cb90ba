/** A run of text in one font, in points, y growing downwards from the page's top. */
export interface Run {
  text: string
  x0: number
  x1: number
  baseline: number
  size: number
  font: string
  isMono: boolean
  isBold: boolean
  isRtl: boolean
  /** The library saw white space between the run before and this one. */
  isSpaced: boolean
}

/** Runs that stand on one baseline without a wide gap: a printed line, or the part of one in a column or cell. */
export interface Segment {
  text: string
  x0: number
  x1: number
  top: number
  bottom: number
  baseline: number
  /** Of the largest run: sub- and superscripts do not make a line small. */
  size: number
  font: string
  isMono: boolean
  isBold: boolean
  isRtl: boolean
}

/** A page as read, before the document's statistics are applied to it. */
export interface RawPage {
  number: number
  width: number
  height: number
  /** False when the page was printed sideways: then no places are told. */
  hasPlaces: boolean
  segments: Segment[]
}

/** One printed line of a column; more than one cell where wide gaps part it. */
export interface Row {
  cells: Segment[]
  x0: number
  x1: number
  top: number
  bottom: number
  baseline: number
  size: number
}

/** Rows that belong together, and what they are. */
export interface Paragraph {
  kind: 'text' | 'item' | 'table' | 'code' | 'heading'
  rows: Row[]
  level: number
}

/** What the document's pages so far say about its type. */
export interface TypeStyle {
  bodySize: number
  /** Of all characters; where most are bold or monospaced it means nothing. */
  boldShare: number
  monoShare: number
  /** Titles of the outline, folded by `foldTitle`, with their depth. */
  outline: Map<string, number>
}

import { foldTitle } from './headings.ts'
import type { RawPage, TypeStyle } from './model.ts'

/** A node of the library's outline. */
interface OutlineNode {
  title: string
  items: OutlineNode[]
}

/** Counts the type of the pages as they are read; the size that most characters have is the body's. */
export class TypeCounter {
  readonly #chars = new Map<number, number>()
  #total = 0
  #bold = 0
  #mono = 0

  add(page: RawPage): void {
    for (const { text, size, isBold, isMono } of page.segments) {
      const rounded = Math.round(size * 5) / 5
      this.#chars.set(rounded, (this.#chars.get(rounded) ?? 0) + text.length)
      this.#total += text.length
      if (isBold) this.#bold += text.length
      if (isMono) this.#mono += text.length
    }
  }

  style(outline: Map<string, number>): TypeStyle {
    const [body] = [...this.#chars].sort((a, b) => b[1] - a[1])
    const total = Math.max(1, this.#total)
    return {
      bodySize: body?.[0] ?? 10,
      boldShare: this.#bold / total,
      monoShare: this.#mono / total,
      outline,
    }
  }
}

/** The outline as a table of folded titles; of equal titles the outermost counts. */
export const foldOutline = (nodes: OutlineNode[] | null | undefined): Map<string, number> => {
  const titles = new Map<string, number>()
  const visit = (level: number, items: OutlineNode[]): void => {
    for (const node of items) {
      const title = foldTitle(node.title)
      if (title.length > 2) titles.set(title, Math.min(level, titles.get(title) ?? 6))
      if (level < 6) visit(level + 1, node.items)
    }
  }
  visit(1, nodes ?? [])
  return titles
}

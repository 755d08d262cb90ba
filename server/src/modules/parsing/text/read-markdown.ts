import { cleanLine, cleanText } from '../clean.ts'
import type { Reader } from '../types.ts'
import { toBlocks } from './markdown-blocks.ts'
import { readTextFile, sendBlocks } from './read-plain.ts'

interface Parted {
  title: string | null
  body: string
}

/** Front matter is data about the text; only its title is of use to a reader. */
const partFrontMatter = (text: string): Parted => {
  const match = /^\s*---[ \t]*\n([\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text)
  if (!match) return { title: null, body: text }
  const title = /^title:[ \t]*(.+)$/m.exec(match[1] ?? '')?.[1]?.trim()
  return {
    title: title ? title.replace(/^(['"])(.*)\1$/, '$2') : null,
    body: text.slice(match[0].length),
  }
}

/** Markdown: words, code, formulas and tables without the marks; headings by `#` and underlines. */
export const readMarkdown: Reader = async (context) => {
  const { title, body } = partFrontMatter(cleanText(await readTextFile(context.path)))
  const blocks = toBlocks(body).map((block) => ({
    ...block,
    text: cleanText(block.text),
  }))
  const heading = blocks.find((block) => block.kind === 'heading')?.text ?? null
  // The title stands on the first page too: in the file it is all that says what the text is about.
  const isNew = title && blocks[0]?.text !== cleanLine(title)
  const titled = isNew ? [{ kind: 'heading' as const, level: 1, text: cleanLine(title) }, ...blocks] : blocks
  await sendBlocks(context, titled)
  return { title: title ? cleanLine(title) : heading }
}

import { readFile } from 'node:fs/promises'
import { cleanLine } from '../clean.ts'
import { sendBlocks } from '../text/read-plain.ts'
import type { Reader } from '../types.ts'
import { htmlBlocks } from './html-blocks.ts'
import { findFirst, nothing, parseHtml, textOf } from './markup.ts'

/** HTML: what a reader sees, without navigation, programs and hidden parts. Nothing that it links to is fetched. */
export const readHtml: Reader = async (context) => {
  const root = parseHtml(await readFile(context.path))
  const blocks = htmlBlocks(root)
  await sendBlocks(context, blocks)
  const title = cleanLine(textOf(findFirst(findFirst(root, 'head') ?? root, 'title') ?? nothing))
  const heading = blocks.find((block) => block.kind === 'heading')?.text ?? null
  return {
    title: title || heading,
    languageHint: findFirst(root, 'html')?.attributes.lang ?? null,
  }
}

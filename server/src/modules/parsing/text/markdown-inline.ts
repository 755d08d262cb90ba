import { resolveEntities } from './entities.ts'

/** Code and formulas are set aside while markup is taken away, since `*` and `_` mean something else in them. */
const verbatim =
  /(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)|\$\$[\s\S]+?\$\$|\$(?! )[^$\n]+?(?<! )\$(?!\d)|\\\((?=[^)]*[\\^_=])[\s\S]+?\\\)|\\\[(?=[^\]]*[\\^_=])[\s\S]+?\\\]/g

const rules: [pattern: RegExp, replacement: string][] = [
  [/<!--[\s\S]*?-->|\{\/\*[\s\S]*?\*\/\}/g, ''],
  // Attribute lists of kramdown and Pandoc: `**Matter**{: data-type="term"}`, `# Title {#anchor}`.
  [/\{[:#.][^{}\n]*\}/g, ''],
  [/!\[([^\]\n]*)\](\([^()\n]*(\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])?/g, '$1'],
  [/\[((?:[^[\]\n]|\[[^[\]\n]*\])+)\](\([^()\n]*(\([^()\n]*\)[^()\n]*)*\)|\[[^\]\n]*\])/g, '$1'],
  [/\[\^([^\]\n]+)\]/g, '[$1]'],
  [/<((?:https?|mailto):[^>\s]+)>/gi, '$1'],
  [/<br\s*\/?>/gi, '\n'],
  [/<sup>([-+−–\d][^<]*)<\/sup>/gi, '^$1'],
  [/<\/?[a-z][a-z0-9.-]*(\s[^<>]*)?\/?>/gi, ''],
  [/(\*\*\*|\*\*|\*)(?=\S)([^*]*[^*\s])\1/g, '$2'],
  [/(?<![\p{L}\p{N}_])(___|__|_)(?=\S)([^_]*[^_\s])\1(?![\p{L}\p{N}_])/gu, '$2'],
  [/~~(?=\S)([^~]+)~~/g, '$1'],
]

const escapes = /\\([!-/:-@[-`{-~])/g
/** Noncharacters that clean text cannot hold, so they cannot be in what is set aside. */
const mark = (index: number): string => `\uFDD0${index}\uFDD1`

/** Takes inline markup away and leaves words, code and formulas. */
export const stripInline = (text: string): string => {
  const kept: string[] = []
  const setAside = (value: string): string => {
    kept.push(value)
    return mark(kept.length - 1)
  }
  let bare = text
    .replace(verbatim, (whole, ticks: string | undefined, code: string | undefined) =>
      setAside(ticks && code !== undefined ? code.trim() : whole),
    )
    .replace(escapes, (_, character: string) => setAside(character))
  for (const [pattern, replacement] of rules) {
    // Emphasis nests: `**bold _and italic_**`.
    bare = bare.replace(pattern, replacement)
  }
  bare = bare.replace(/(\*\*|\*)(?=\S)([^*]*[^*\s])\1/g, '$2')
  return resolveEntities(bare).replace(/\uFDD0(\d+)\uFDD1/g, (_, index: string) => kept[Number(index)] ?? '')
}

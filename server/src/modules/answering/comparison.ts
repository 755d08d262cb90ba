import type { Language } from '#modules/language'
import type { ClaimWord } from './claim-words.ts'
import type { Edit, EditScript } from './edit-script.ts'
import type { PageSentence } from './page-sentences.ts'
import type { Near } from './soft-cover.ts'
import type { CheckKind } from './verdict.ts'

/** A claim beside what it is held against. */
export interface Sides {
  text: string
  claim: readonly ClaimWord[]
  language: Language | null
  /** The sentence that bears most of it, and all sentences of the evidence. */
  best: PageSentence
  all: readonly PageSentence[]
  near: Near
}

/** With how the claim is made of the best sentence. */
export interface Comparison extends Sides {
  script: EditScript
}

/** What differs. A difference that does not contradict is a doubt: a paraphrase may say it in other words. */
export interface Finding {
  kind: CheckKind
  said: string
  page?: string
  contradicts: boolean
}

/** So much of a claim stands in the page's order when it is the page's sentence with something changed. */
const nearWording = 0.6
export const isNearWording = ({ script }: Comparison): boolean => script.kept >= nearWording

/** Words as written, from the first to the last. */
export const written = (text: string, words: readonly ClaimWord[]): string =>
  words.length === 0 ? '' : text.slice(words[0]?.start, words.at(-1)?.end)

export const finding = (kind: CheckKind, said: string, page: string | undefined, contradicts: boolean): Finding =>
  page ? { kind, said, page, contradicts } : { kind, said, contradicts }

/** The edit in which a word of the claim parts from the page. */
export const editOf = ({ script }: Comparison, word: ClaimWord): Edit | undefined =>
  script.edits.find(({ said }) => said.includes(word))

/** What the page has where the claim says a word; undefined when nothing faces it. */
export const facing = (comparison: Comparison, word: ClaimWord): string | undefined => {
  const edit = editOf(comparison, word)
  return edit && edit.page.length > 0 && edit.page.length <= 8 ? written(comparison.best.text, edit.page) : undefined
}

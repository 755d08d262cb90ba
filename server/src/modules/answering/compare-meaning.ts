import { stopWords } from '#modules/language'
import { hiddenNegators } from './claim-vocabulary.ts'
import type { ClaimWord } from './claim-words.ts'
import { type Comparison, type Finding, finding, isNearWording, type Sides, written } from './comparison.ts'
import type { Edit } from './edit-script.ts'
import { areOpposite, quantityOf } from './senses.ts'
import { negators } from './vocabulary.ts'

const isNegator = ({ language }: Sides, { key }: ClaimWord): boolean =>
  negators(language).has(key) || (language !== 'de' && key.endsWith("n't"))

const hides = ({ language }: Comparison, words: readonly ClaimWord[]): boolean =>
  words.some(({ key }) => hiddenNegators(language).has(key))

/** A dropped run longer than this took its negator with it. */
const mostDropped = 5

/** The negators that stand on one side alone. A clause that was dropped whole took its own away. */
const lostAndGained = (comparison: Comparison): { gained: ClaimWord[]; lost: ClaimWord[] } => {
  const { edits } = comparison.script
  const isElsewhere = (negator: ClaimWord): boolean => {
    const next = comparison.claim[comparison.claim.indexOf(negator) + 1]?.key
    const others = comparison.all.filter((sentence) => sentence !== comparison.best)
    return others.some(({ words }) => words.some(({ key }, at) => key === negator.key && words[at + 1]?.key === next))
  }
  const short = (edit: Edit): boolean => edit.page.length - edit.said.length <= mostDropped
  return {
    gained: edits.flatMap(({ said }) => said.filter((word) => isNegator(comparison, word) && !isElsewhere(word))),
    lost: edits.filter(short).flatMap(({ page }) => page.filter((word) => isNegator(comparison, word))),
  }
}

/** The negator with the word that it denies. */
const withScope = (text: string, words: readonly ClaimWord[], negator: ClaimWord): string => {
  const at = words.indexOf(negator)
  return written(text, words.slice(at, at + 2))
}

/** Whether one side denies what the other says. Where words that deny in secret stand as well, nobody can tell. */
export const compareNegation = (comparison: Comparison): Finding[] => {
  const { claim, best, text, script } = comparison
  const { gained, lost } = lostAndGained(comparison)
  if (gained.length === 0 && lost.length === 0) return []
  const edited = script.edits.flatMap(({ said, page }) => [...said, ...page])
  const isEven = gained.length === lost.length
  const isOpen = isEven || hides(comparison, edited) || opposites(comparison).length > 0
  const isMoved = isEven && script.edits.length <= gained.length + lost.length
  const contradicts = isNearWording(comparison) && (!isOpen || isMoved)
  if (isEven && !contradicts) return []
  const [plus, minus] = [gained[0], lost[0]]
  const said = plus ? withScope(text, claim, plus) : ''
  const page = minus ? withScope(best.text, best.words, minus) : undefined
  return [finding('negation', said, page, contradicts)]
}

interface Opposition {
  said: ClaimWord
  page: ClaimWord
}

/** Words facing each other that say the opposite. */
const opposites = ({ script, language }: Comparison): Opposition[] =>
  script.edits.flatMap((edit) =>
    edit.said.flatMap((said) => {
      const page = edit.page.find((word) => areOpposite(said.key, word.key, language))
      return page ? [{ said, page }] : []
    }),
  )

const mostAround = 4

/** Quantities facing each other that differ: "all" where the page says "some". */
const quantities = ({ script, language }: Comparison): Opposition[] =>
  script.edits
    .filter(({ said, page }) => said.length <= mostAround && page.length <= mostAround)
    .flatMap(({ said, page }) => {
      const mine = said.find(({ key }) => quantityOf(key, language) !== null)
      const theirs = page.find(({ key }) => quantityOf(key, language) !== null)
      if (!mine || !theirs) return []
      return quantityOf(mine.key, language) === quantityOf(theirs.key, language) ? [] : [{ said: mine, page: theirs }]
    })

/** Opposites and quantities that clash; two of them may cancel each other out. */
export const compareSense = (comparison: Comparison): Finding[] => {
  const { text, best } = comparison
  const clashes = [...opposites(comparison), ...quantities(comparison)]
  const { gained, lost } = lostAndGained(comparison)
  const contradicts = isNearWording(comparison) && clashes.length === 1 && gained.length === lost.length
  return clashes.map(({ said, page }) =>
    finding('wording', written(text, [said]), written(best.text, [page]), contradicts),
  )
}

/** Words of the claim that the page does not have where it says the rest. */
export const compareWording = ({ claim, script, text, best, language, all, near }: Comparison): Finding[] => {
  const isBorne = (word: ClaimWord): boolean => all.some(({ words }) => words.some((it) => near(word, it) >= 0.8))
  const changed = script.edits.filter(({ said }) =>
    said.some((word) => !stopWords(language).has(word.key) && !isBorne(word)),
  )
  const [first] = changed.toSorted((a, b) => b.said.length - a.said.length)
  if (first) {
    const page = first.page.length > 0 && first.page.length <= 8 ? written(best.text, first.page) : undefined
    return [finding('wording', written(text, first.said), page, false)]
  }
  const moved = script.edits.find(({ said }) => said.length > 0)
  return moved
    ? [finding('wording', written(text, moved.said), undefined, false)]
    : droppedOf(claim, script.edits, best.text)
}

/** The claim says nothing new, and yet we do not vouch for it: it leaves out what may bind the rest. */
const droppedOf = (claim: readonly ClaimWord[], edits: readonly Edit[], pageText: string): Finding[] => {
  const [longest] = edits.toSorted((a, b) => b.page.length - a.page.length)
  return longest && claim.length > 0 ? [finding('wording', '', written(pageText, longest.page), false)] : []
}

/** Whether the claim or its source denies anything. */
export const hasNegation = (sides: Sides): boolean =>
  [...sides.claim, ...sides.best.words].some((word) => isNegator(sides, word))

/**
 * Fits the weights in answering/confidence.ts on half 0 of the articles and prints what the product's threshold does
 * on half 1 and on all, in scopes of every size: `LYCEUM_SHARED_DATA=<folder> node bin/run.mjs eval/fit-refusal.ts`,
 * a minute and a half of processor time.
 */
import { leastConfidence } from '../server/src/modules/answering/index.ts'
import { readBooks } from './books.ts'
import { fitLogistic } from './logistic.ts'
import { indexParagraphs, type MemoryIndex } from './memory-index.ts'
import { areaUnderCurve, type Judged, judgeHalf, judgeScopes, judgeTwisted, refusedAt, thresholdAt } from './refusal.ts'
import { type QuestionSet, readSets } from './sets.ts'

/** The sets that the target names; ARCD and IDK-MRC are fitted and printed beside them. */
const targets = new Set(['XQuAD en', 'XQuAD de', 'XQuAD ar', 'SQuAD2 en'])
const sizes = [1, 4, 20] as const
const wantedLoss = 0.08

interface Group {
  set: string
  scope: string
  judged: Judged[]
}

const judgeAll = (sets: QuestionSet[], half: 0 | 1, books: MemoryIndex | null): Group[] =>
  sets.flatMap((set) => {
    const small = sizes.map((size) => ({
      set: set.name,
      scope: `${size} paragraphs`,
      judged: judgeScopes(set, half, size),
    }))
    const whole = { set: set.name, scope: 'half of the set', judged: judgeHalf(set, half) }
    const among = books ? [{ set: set.name, scope: 'with the books', judged: judgeHalf(set, half, books) }] : []
    return [...small, whole, ...among]
  })

const names = ['passage', 'density', 'sentence', 'lead'] as const

/** Each set and scope weighs the same, the books' twice; its answerable questions as much as the others. */
const fit = (groups: Group[]): number[] =>
  fitLogistic(
    groups.flatMap(({ scope, judged }) => {
      const total = { true: 0, false: 0 }
      for (const { isAnswerable } of judged) total[`${isAnswerable}`] += 1
      const share = scope === 'with the books' ? 200 : 100
      return judged.map(({ signals, isAnswerable }) => ({
        x: names.map((name) => signals[name]),
        isTrue: isAnswerable,
        weight: share / total[`${isAnswerable}`],
      }))
    }),
  )

/** The confidence as other weights would have it. */
const under = (groups: Group[], [bias = 0, ...weights]: number[]): Group[] =>
  groups.map((group) => ({
    ...group,
    judged: group.judged.map((it) => {
      const odds = names.reduce((sum, name, at) => sum + (weights[at] ?? 0) * it.signals[name], bias)
      return { ...it, confidence: 1 / (1 + Math.exp(-odds)) }
    }),
  }))

const ofTargets = (groups: Group[]): Judged[] =>
  groups.filter(({ set }) => targets.has(set)).flatMap(({ judged }) => judged)

const percent = (share: number): string => (100 * share).toFixed(1)
const cell = (judged: Judged[]): string => {
  const { lost, refused } = refusedAt(judged, leastConfidence)
  return `${areaUnderCurve(judged).toFixed(3)} ${percent(lost)}>${percent(refused)}`
}

/** Of the questions of other articles that were answered, how many the books (or another article) answered rightly. */
const answeredAnyway = (judged: Judged[]): string => {
  const given = judged.filter(({ isAnswerable, confidence }) => !isAnswerable && confidence >= leastConfidence)
  return `${given.filter(({ holdsGold }) => holdsGold).length} of ${given.length}`
}

const printTable = (title: string, groups: Group[]): void => {
  const scopes = [...new Set(groups.map(({ scope }) => scope))]
  const sets = [...new Set(groups.map(({ set }) => set))]
  console.log(`\n${title}: area under the curve, answerable lost > others refused, at the product's threshold`)
  console.log(''.padEnd(18) + [...sets, 'the four'].map((name) => name.padStart(19)).join(''))
  for (const scope of scopes) {
    const here = groups.filter((group) => group.scope === scope)
    const cells = [...here.map(({ judged }) => cell(judged)), cell(ofTargets(here))]
    console.log(scope.padEnd(18) + cells.map((it) => it.padStart(19)).join(''))
    const own = ofTargets(here)
    const at = refusedAt(own, thresholdAt(own, wantedLoss))
    console.log(
      `${''.padEnd(18)}the four, when just 8% are lost: ${percent(at.refused)} refused; of the others' answers ${answeredAnyway(own)} hold gold`,
    )
  }
  console.log(
    `${'every scope'.padEnd(18)}the four ${cell(ofTargets(groups))}, all six ${cell(groups.flatMap(({ judged }) => judged))}`,
  )
}

export const printRefusal = async (sets: QuestionSet[], folder: string): Promise<void> => {
  const paragraphs = await readBooks(folder)
  const books = paragraphs.length > 0 ? indexParagraphs(paragraphs, 'en') : null
  const tuning = judgeAll(sets, 0, books)
  const weights = fit(tuning)
  const hardest = tuning.filter(({ scope }) => scope === (books ? 'with the books' : 'half of the set'))
  const threshold = thresholdAt(ofTargets(under(hardest, weights)), 0.075)
  const shift = Math.log(threshold / (1 - threshold))
  const shifted = [(weights[0] ?? 0) - shift, ...weights.slice(1)]
  console.log(`fitted: ${['bias', ...names].map((name, at) => `${name}: ${shifted[at]?.toFixed(2)}`).join(', ')}`)
  console.log('the bias is set so that 0.5 loses 7.5% of the four sets of half 0 with the books')
  const measured = judgeAll(sets, 1, books)
  const both = measured.map((group, at) => ({ ...group, judged: [...group.judged, ...(tuning[at]?.judged ?? [])] }))
  printTable('half 1', measured)
  printTable('both halves', both)
  printTable('half 1, weights as fitted now', under(measured, shifted))
  printTable('both halves, weights as fitted now', under(both, shifted))
  for (const set of sets) {
    if (!set.questions.some(({ isImpossible }) => isImpossible)) continue
    console.log(`twisted questions, ${set.name}: ${cell([...judgeTwisted(set, 0), ...judgeTwisted(set, 1)])}`)
  }
}

if (import.meta.main) {
  const folder = process.env.LYCEUM_SHARED_DATA
  const sets = readSets(folder)
  if (folder && sets) await printRefusal(sets, folder)
}

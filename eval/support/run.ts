/**
 * Measures the check of claims without a model: `LYCEUM_SHARED_DATA=<folder> node bin/run.mjs eval/support/run.ts`.
 * Lies and truths are made of the question sets' paragraphs, paraphrases are our own. Choices were made on half 0 of
 * the articles; what counts is half 1. `--show <kind>` prints what went wrong on half 0.
 */
import { checkClaim, type Verdict } from '../../server/src/modules/answering/index.ts'
import type { Language } from '../../server/src/modules/language/index.ts'
import { type QuestionSet, readSets } from '../sets.ts'
import { lieKinds } from './lies.ts'
import { type Material, materialOf } from './material.ts'
import { readParaphrases } from './paraphrases.ts'
import { createRandom, type Random } from './random.ts'
import { truthKinds } from './truths.ts'

interface Case {
  kind: string
  group: string
  half: 0 | 1
  language: Language
  page: string
  sentence: string
  source: string
}

type Maker = (material: Material, random: Random) => string | null

const mostPerKind = 500
const show = process.argv.includes('--show') ? process.argv.at(-1) : undefined

const shuffled = <T>(items: readonly T[], random: Random): T[] =>
  items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)

/** At most so many cases of a kind from each half. */
const casesOf = (kind: string, materials: readonly Material[], make: Maker): Case[] => {
  const random = createRandom(kind.length * 7_919 + materials.length)
  const counts = [0, 0]
  return shuffled(materials, random).flatMap((material): Case[] => {
    if ((counts[material.half] ?? 0) >= mostPerKind) return []
    const sentence = make(material, random)
    if (sentence === null || (sentence === material.sentence) === (kind !== 'verbatim')) return []
    counts[material.half] = (counts[material.half] ?? 0) + 1
    const { set: group, half, language, page, sentence: source } = material
    return [{ kind, group, half, language, page, sentence, source }]
  })
}

/** Half of the lies stand on a shortened sentence. */
const lying =
  (change: (typeof lieKinds)[keyof typeof lieKinds]): Maker =>
  (material, random) => {
    const short = random() < 0.5 ? truthKinds['clause dropped'](material, random) : null
    const base = short ?? material.sentence
    const lie = change(base, material, random)
    return lie === null || material.page.includes(lie.replace(/\.$/, '')) ? null : lie
  }

/** Two pages of an article may tell the same: a sentence whose words nearly all stand on this one is no ghost. */
const mostShared = 0.8
const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{M}\p{Nd}]+/gu) ?? []
const ghost: Maker = ({ foreignSentence, page }) => {
  const [words, here] = [wordsOf(foreignSentence), new Set(wordsOf(page))]
  const shared = words.filter((word) => here.has(word)).length
  return words.length === 0 || shared > mostShared * words.length ? null : foreignSentence
}

const verdictOf = ({ sentence, page, language }: Case): Verdict =>
  checkClaim({ sentence, language, evidence: [{ n: 1, pageText: page, start: 0, end: page.length, language }] }).verdict

const share = (verdicts: readonly Verdict[], wanted: Verdict): number =>
  verdicts.filter((it) => it === wanted).length / (verdicts.length || 1)
const percent = (value: number): string => (100 * value).toFixed(1)

const print = (title: string, cases: readonly Case[]): void => {
  const groups = [...new Set(cases.map(({ group }) => group))]
  console.log(`\n${title}: supported/unsupported in percent (cases)`)
  console.log(' '.repeat(18) + [...groups, 'all'].map((group) => group.padStart(20)).join(''))
  const judged = cases.map((it) => ({ ...it, verdict: verdictOf(it) }))
  const row = (label: string, of: typeof judged): void => {
    const cells = [...groups, null].map((group) => {
      const verdicts = of.filter((it) => group === null || it.group === group).map(({ verdict }) => verdict)
      const shares = `${percent(share(verdicts, 'supported'))}/${percent(share(verdicts, 'unsupported'))}`
      return `${shares} (${verdicts.length})`.padStart(20)
    })
    console.log(label.padEnd(18) + cells.join(''))
  }
  for (const [kind, ofKind] of Map.groupBy(judged, (it) => it.kind)) row(kind, ofKind)
  row('all', judged)
  if (show) cases.forEach(explain)
}

const explain = (it: Case): void => {
  const { sentence, page, language, source } = it
  const { verdict, checks } = checkClaim({
    sentence,
    language,
    evidence: [{ n: 1, pageText: page, start: 0, end: page.length, language }],
  })
  const failed = checks
    .filter(({ ok }) => !ok)
    .map(({ kind, said, page: there }) => `${kind}: ${said} | ${there ?? ''}`)
  console.log(`[${verdict}] ${sentence}\n    ${source}\n    ${failed.join('; ')}`)
}

const paraphraseCases = (): Case[] =>
  readParaphrases().map(({ language, half, page, sentence, paraphrase }) => ({
    kind: 'paraphrase',
    group: `own ${language}`,
    half,
    language,
    page,
    sentence: paraphrase,
    source: sentence,
  }))

const timing = (cases: readonly Case[]): void => {
  const sample = cases.filter((_, at) => at % 5 === 0)
  sample.slice(0, 200).forEach(verdictOf)
  const before = process.cpuUsage()
  sample.forEach(verdictOf)
  console.log(
    `\n${(process.cpuUsage(before).user / 1_000 / sample.length).toFixed(2)} ms of processor time a sentence (${sample.length})`,
  )
}

/** The tables. Without the sets only the paraphrases, which are our own. */
export const printSupport = (sets: QuestionSet[] | null): void => {
  const half = show ? 0 : 1
  const here = (cases: readonly Case[]): Case[] => cases.filter((it) => it.half === half)
  if (!show || show === 'paraphrase') print(`Own paraphrases, half ${half}`, here(paraphraseCases()))
  if (!sets) return
  const materials = sets.map(materialOf)
  const make = (kinds: Record<string, Maker>): Case[] =>
    materials.flatMap((material) =>
      Object.entries(kinds).flatMap(([kind, maker]) => (show && show !== kind ? [] : casesOf(kind, material, maker))),
    )
  const truths = make(truthKinds)
  const lies = make({
    ...Object.fromEntries(Object.entries(lieKinds).map(([kind, change]) => [kind, lying(change)])),
    ghost,
  })
  print(`True sentences near the wording, half ${half}`, here(truths))
  print(`Lies, half ${half}`, here(lies))
  timing([...truths, ...lies])
}

if (import.meta.main) printSupport(readSets(process.env.LYCEUM_SHARED_DATA))

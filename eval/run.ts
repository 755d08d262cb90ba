/**
 * Measures search, extractive answers, refusal and the check of claims without a model, on public question sets:
 * `LYCEUM_SHARED_DATA=<folder> npm run eval`, or a part of it: `npm run eval -- search`. Choices are made on half 0 of the
 * articles; what counts is half 1. Exits with 0 and one line when the data is not there.
 */
import { parseArgs } from 'node:util'
import { printRefusal } from './fit-refusal.ts'
import { printAnswers } from './measure-answers.ts'
import { printRanking } from './print-ranking.ts'
import { type QuestionSet, readSets } from './sets.ts'
import { printSupport } from './support/run.ts'

const sections: Record<string, (sets: QuestionSet[], folder: string) => Promise<void> | void> = {
  search: printRanking,
  answers: printAnswers,
  refusal: printRefusal,
  support: printSupport,
}

const { positionals } = parseArgs({ allowPositionals: true })
const unknown = positionals.find((name) => !(name in sections))
if (unknown) throw new RangeError(`There is no part ${unknown}, only ${Object.keys(sections).join(', ')}`)
const folder = process.env.LYCEUM_SHARED_DATA
const sets = readSets(folder)
if (folder && sets) {
  for (const [name, print] of Object.entries(sections)) {
    if (positionals.length === 0 || positionals.includes(name)) await print(sets, folder)
  }
}

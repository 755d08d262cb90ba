import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { planQuery } from '#modules/retrieval'
import { answerExtractively, type ExtractiveAnswer, type Passage } from './index.ts'
import { leadOf, type Placed, standingOf } from './standing.ts'

const score = fc.double({ min: 0, max: 40, noNaN: true })
const placed = fc.array(
  fc.record({ score, stages: fc.oneof(fc.constant({}), fc.record({ rerank: score })) }, { requiredKeys: ['score'] }),
  { minLength: 1, maxLength: 12 },
)

test('the chances of the passages add up to one, whichever of them the re-ranker read', () => {
  fc.assert(
    fc.property(placed, (passages: Placed[]) => {
      const chances = standingOf(passages).map(({ chance }) => chance)
      assert.ok(Math.abs(chances.reduce((sum, chance) => sum + chance, 0) - 1) < 1e-9)
      chances.forEach((chance, at) => {
        if (passages[at]?.stages?.rerank === undefined) assert.equal(chance, 1 / passages.length)
      })
    }),
  )
})

test('a lead is the distance to the mean of the others; without the stage it is the usual one', () => {
  const of = (...scores: (number | undefined)[]): number =>
    leadOf(scores.map((rerank) => ({ score: 1, ...(rerank !== undefined && { stages: { rerank } }) })))
  assert.equal(of(9, 6, 4), 4)
  assert.equal(of(6, 4, 9), 4)
  assert.equal(of(9, undefined, 4), 5)
  assert.equal(of(40, 1), of(50, 1))
  assert.equal(of(undefined, undefined), of(9))
  assert.ok(of() < of(40, 1) && of() > of(9, 8))
})

const texts = [
  'The castle on the hill was built in 1312. It has a tower.',
  'The castle on the lake was built in 1544. It has a garden.',
]

const ask = (reranks: (number | undefined)[]): ExtractiveAnswer => {
  const { language } = planQuery('When was the castle built?', 'en')
  const words = [
    { word: 'castle', weight: 3 },
    { word: 'built', weight: 2 },
  ]
  const passages = texts.map((text, at): Passage => {
    const rerank = reranks[at]
    const place = { chunkId: `${at}`, documentId: `${at}`, page: 1, start: 0, headingPath: [], language }
    return { ...place, text, score: 4, ...(rerank !== undefined && { stages: { rerank } }) }
  })
  return answerExtractively({
    question: 'When was the castle built?',
    language,
    passages,
    weights: { language, words, total: 5 },
  })
}

test('of two sentences that say as much the one in the better passage is the best', () => {
  assert.match(ask([3, 9]).best?.text ?? '', /1544/)
  assert.match(ask([9, 3]).best?.text ?? '', /1312/)
})

test('without the re-ranker the passages are equal, and the answer is given all the same', () => {
  const answer = ask([undefined, undefined])
  assert.equal(answer.refused, false)
  assert.match(answer.best?.text ?? '', /1312/)
})

test('what stands out among the passages is surer than what many pages say alike', () => {
  const oddsOf = ({ confidence }: ExtractiveAnswer): number => Math.log(confidence / (1 - confidence))
  // The second page has next to no chance in both, so that its lead alone tells them apart.
  assert.ok(oddsOf(ask([12, 6])) - oddsOf(ask([12, 7.5])) > 0.3)
})

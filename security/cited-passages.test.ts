/** Whatever a model says and whatever is asked: what is cited is there, is the asker's to read, and holds what it is cited for. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Source } from '@lyceum/contract/chat'
import fc from 'fast-check'
import type { TestApp } from '../server/src/testing/app.ts'
import { type ModelHome, openModelHome } from '../server/src/testing/model-home.ts'
import { newPerson, type Person } from '../server/src/testing/people.ts'
import { saying } from '../server/src/testing/scripted-model.ts'

const harbour = `# The harbour of Emden

The harbour of Emden was built in 1847. It is 12 m deep. The mole of the harbour keeps the waves out. Ships with a
draught of more than 10 m wait for the tide.

# The lighthouse of Emden

The lighthouse was lit in 1891 for the first time. It does not shine in summer. Its lamp is 40 m above the water.
`
/** Of a colleague, and of somebody elsewhere: about the same, in words that no one else may see. */
const secrets = [
  'The harbour of Emden was sold to Quagmire in 1911',
  'The harbour of Emden was mined by Zeppelin in 1917',
]

let home: ModelHome
let byModel: TestApp
let ada: Person
before(async () => {
  home = await openModelHome()
  byModel = await home.open()
  ada = await newPerson(byModel)
  await ada.read('harbour.md', harbour)
  const others = [await newPerson(byModel, { institutionId: ada.institutionId }), await newPerson(byModel)]
  for (const [at, secret] of secrets.entries()) {
    const { body } = (await others[at]?.read('sold.md', `${secret}.`)) ?? assert.fail()
    assert.equal(body.status, 'ready')
  }
})
after(() => home.close())

interface Answer {
  text: string
  refused: boolean
  sources: Source[]
  citations: { sentence: [number, number]; source: number; verdict: string; span?: [number, number] }[]
}

const pages = new Map<string, string>()
/** The page as the asker is given it. */
const pageOf = async ({ documentId, version, page }: Source): Promise<string> => {
  const path = `/documents/${documentId}/pages/${page}?version=${version}`
  const known = pages.get(path)
  if (known !== undefined) return known
  const { status, body } = await ada.call('GET', path)
  assert.equal(status, 200, 'the asker may read what is cited')
  pages.set(path, body.text)
  return body.text
}

/** @returns for each citation the sentence and the run of the page that it is held against */
const checkProofs = async (answer: Answer): Promise<{ said: string; stands: string }[]> => {
  const proofs = []
  for (const source of answer.sources) {
    const text = await pageOf(source)
    assert.ok(source.quote.length > 0)
    assert.equal(text.slice(source.start, source.end), source.quote)
  }
  for (const { sentence, source: n, verdict, ...held } of answer.citations) {
    const source = answer.sources.find((each) => each.n === n) ?? assert.fail(`source ${n} is cited and not there`)
    const span = held.span ?? [source.start, source.end]
    assert.ok(verdict === 'supported' || verdict === 'weak', verdict)
    assert.ok(source.start <= span[0] && span[0] < span[1] && span[1] <= source.end, 'the run lies in its passage')
    const said = answer.text.slice(...sentence)
    assert.ok(said.trim() !== '')
    proofs.push({ said, stands: (await pageOf(source)).slice(...span) })
  }
  // Ids are left out: any digits may stand in them.
  const told = [answer.text, ...answer.sources.flatMap(({ title, quote }) => [title, quote])].join(' ')
  assert.doesNotMatch(told, /Quagmire|Zeppelin|1911|1917/)
  return proofs
}

const ask = async (app: TestApp, message: string): Promise<Answer> => {
  const reply = await app.app.http.inject({
    method: 'POST',
    url: '/api/v1/chat',
    headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
    payload: JSON.stringify({ message }),
  })
  assert.equal(reply.statusCode, 200, reply.payload)
  return reply.json()
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim()

const truths = [
  'The harbour of Emden was built in 1847',
  'The mole of the harbour keeps the waves out',
  'The lighthouse was lit in 1891 for the first time',
  'Ships with a draught of more than 10 m wait for the tide',
]
const lies = [
  'The harbour of Emden was built in 1947',
  'The lighthouse was lit in 1981 for the first time',
  'Ships with a draught of more than 100 m wait for the tide',
  'The mole of the harbour does not keep the waves out',
]
const marks = ['', ' [1]', ' [2]', ' [1, 2]', '【1】', ' [9]', ' [0]', ' [1][9]', ' [^1]', ' [1](https://evil.example)']
const scrap = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...truths), fc.constantFrom(...marks)) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...lies), fc.constantFrom(...marks)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...secrets, 'As an AI, I know', '', '**', '```'), fc.constantFrom(...marks)),
  },
)
const written = fc
  .array(fc.tuple(scrap, fc.constantFrom(' ', '\n\n', '\n- ', '\n\n## ')), { minLength: 1, maxLength: 7 })
  .map((scraps) => scraps.map(([[text, mark], gap]) => `${text}${mark}.${gap}`).join(''))

/** What was once shown without proof: a mark alone, no word at all, a lie in a heading, one behind a truth there and in code. */
const once: [string][] = [
  [`${secrets[0]}. [^1]. `],
  ['```. '],
  ['【1】. '],
  [`${truths[0]}.\n\n## ${lies[3]}. `],
  [`${truths[0]}.\n\n## ${truths[0]}. ${lies[3]}. ${truths[0]}. `],
  [`\`\`\`.\n\n${truths[0]}. ${lies[3]}. `],
]

describe('an answer', () => {
  it('of a model cites what is there, or says that the pages do not say', async () => {
    let proved = 0
    await fc.assert(
      fc.asyncProperty(written, async (text) => {
        home.engine.always(saying(text))
        const answer = await ask(byModel, 'When was the harbour of Emden built?')
        const proofs = await checkProofs(answer)
        proved += proofs.length
        for (const lie of lies) assert.ok(!answer.text.includes(lie), lie)
        // A heading of known words claims nothing, and may stand alone.
        const stated = answer.text.replace(/^#.*$/gm, '')
        if (!answer.refused) assert.ok(proofs.length > 0 || !/\p{L}/u.test(stated), `nothing bears out: ${answer.text}`)
        else assert.deepEqual([answer.text, proofs], ['Your pages do not say.', []])
        for (const { said, stands } of proofs) {
          // Of code, which is one piece, the run may be the first of several sentences.
          const isBorne = truths.some((each) => said.includes(each) && plain(stands).includes(each))
          assert.ok(isBorne, `${said} is not in ${stands}`)
        }
      }),
      { numRuns: 40, examples: once },
    )
    assert.ok(proved > 10, `${proved} proofs were looked at`)
  })

  it('from the pages cites the words that it says, or says that the pages do not say', async () => {
    const quoting = await home.open({ LLM_BASE_URL: '', LLM_MODEL: '' })
    const subject = fc.constantFrom(
      'harbour of Emden',
      'lighthouse',
      'mole',
      'ships',
      'lamp',
      'Quagmire',
      'double helix',
    )
    const asked = fc.constantFrom(
      'When was the # built?',
      'How deep is the #?',
      'What does the # do?',
      'Who bought the #?',
      '#',
    )
    const seen = { proved: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(subject, asked, async (what, pattern) => {
        const answer = await ask(quoting, pattern.replace('#', what))
        const proofs = await checkProofs(answer)
        assert.equal(answer.refused, proofs.length === 0)
        for (const { said, stands } of proofs) assert.equal(plain(said), plain(stands))
        seen.proved += proofs.length
        seen.refused += Number(answer.refused)
      }),
      { numRuns: 30 },
    )
    assert.ok(seen.proved > 5 && seen.refused > 0, JSON.stringify(seen))
    await quoting.close()
  })
})

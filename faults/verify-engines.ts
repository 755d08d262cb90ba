/** That the engines took part, and that nothing of what a model lied was seen. */
import { want } from './client.ts'
import { type Engines, lie, modelName } from './engines.ts'
import type { Followed, Ledger } from './load.ts'
import { expect, type Report } from './report.ts'

interface ToVerify {
  name: string
  ledger: Ledger
  engines: Engines
  url(): string
}

export const verifyEngines = async (report: Report, { name, ledger, engines, url }: ToVerify): Promise<void> => {
  const { followed, documents } = ledger
  const written = followed.filter(isByModel)
  const remade = written.filter(isRemade)
  const { answers, vectors } = engines.counts()
  report.note(
    `${name}: ${answers} calls for answers, ${vectors} vectors; of ${followed.length} turns by stream the model wrote ${written.length}, ${remade.length} of them anew after a kill`,
  )
  await report.check(`${name}: the model wrote answers, also anew after a kill`, async () => {
    expect(remade.length > 0, 'no answer of the model was cut off by a kill: nothing was tried')
  })
  await report.check(`${name}: nothing that the model lied was seen`, async () => {
    const seen = followed.filter(({ reading }) => JSON.stringify(reading.frames).includes(lie))
    expect(seen.length === 0, `${seen.length} of ${followed.length} readers saw a lie`)
  })
  await report.check(`${name}: documents are found by meaning as well`, async () => {
    const standing = documents.filter(({ deletion }) => deletion === 'none')
    expect(vectors >= standing.length, `${vectors} vectors for ${standing.length} documents`)
    const [kept] = standing
    if (!kept) throw new Error('no document stands')
    // No word of it stands in any document.
    const body = { query: 'haven' }
    const { items } = await want(200, url(), '/search', { method: 'POST', token: kept.owner.token, body })
    expect(items.length > 0, 'nothing is found')
  })
}

// biome-ignore lint/suspicious/noExplicitAny: parts of every shape are looked into
const lastOf = ({ reading }: Followed, type: string): any =>
  reading.frames.findLast(({ part }) => part.type === type)?.part.data
const isByModel = (followed: Followed): boolean => lastOf(followed, 'data-usage')?.model === modelName
const isRemade = (followed: Followed): boolean => lastOf(followed, 'data-superseded') !== undefined

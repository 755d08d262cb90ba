/** kill -9 at random moments under load, again and again; then what was promised is held against what is there. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Frame } from './client.ts'
import type { Engines } from './engines.ts'
import { type Field, type Ledger, newLedger, readOn, register, upload, work } from './load.ts'
import { kinds } from './material.ts'
import type { Chance } from './random.ts'
import { inTime, type Report, until } from './report.ts'
import { killServer, type Server, type Settings, startServer, stopServer } from './server.ts'
import { type Shapes, shapesOf, verify } from './verify.ts'
import { verifyEngines } from './verify-engines.ts'

export interface KillRun {
  /** Named in every line. */
  name: string
  /** One entry for each process; they share their data. */
  settings: readonly Settings[]
  rounds: number
  chance: Chance
  /** Those that the settings name, where they name any. */
  engines?: Engines
}

/** From the first call under load to the kill. */
const loadMs = [200, 2_500] as const

export const killAgainAndAgain = async (report: Report, run: KillRun): Promise<void> => {
  const { name, settings, rounds, chance, engines } = run
  const servers: Server[] = []
  const ledger = newLedger()
  let shapes: Shapes | undefined
  const passed = await report.check(`${name}: ${rounds} rounds of kill -9 under load`, async () => {
    for (const one of settings) servers.push(await startServer(one))
    const field: Field = { ledger, chance, url: () => chance.pick(servers).url }
    shapes = await prepare(field)
    const works: Promise<void>[] = []
    for (let round = 1; round <= rounds; round += 1)
      works.push((await killOnce(field, { servers, settings, engines })).work)
    await inTime('whoever still works has an answer', Promise.all(works))
  })
  report.note(`${name}: ${summaryOf(ledger)}`)
  if (passed && shapes) {
    const url = (): string => chance.pick(servers).url
    await verify(report, { name, ledger, shapes, url, byWordsAlone: !engines })
    if (engines) await verifyEngines(report, { name, ledger, engines, url })
  }
  await report.check(`${name}: SIGTERM ends what is left with exit code 0`, async () => {
    const codes = await Promise.all(servers.map(stopServer))
    if (codes.some((code) => code !== 0)) throw new Error(`exit codes ${codes.join(', ')}`)
  })
}

/** People, and one document of each kind that is read in peace: what the others must be like. */
const prepare = async (field: Field): Promise<Shapes> => {
  for (const count of [1, 2]) await register(field, `first-${count}@example.org`)
  const samples = []
  for (const kind of kinds) samples.push(await upload(field, kind))
  return shapesOf(field.url, samples)
}

interface Processes {
  servers: Server[]
  settings: readonly Settings[]
  engines: Engines | undefined
}

/** One process dies in the middle of work and is started again; others, where there are some, go on. @returns the work of it */
const killOnce = async (field: Field, { servers, settings, engines }: Processes): Promise<{ work: Promise<void> }> => {
  const { chance } = field
  let isOver = false
  const working = work(field, () => isOver)
  await pause(chance.between(...loadMs))
  // Two times in three, so that they also die at other moments.
  if (engines && chance.between(0, 3) > 0) await midAnswer(field)
  const at = chance.between(0, servers.length)
  const [victim, own] = [servers[at], settings[at]]
  if (!victim || !own) throw new Error('there is no server to kill')
  await killServer(victim)
  // Where nobody goes on, who works is told at once by the broken connections.
  if (servers.length > 1) await pause(chance.between(...loadMs) / 2)
  isOver = true
  // A question behind one whose server died waits for the heir; the next round need not.
  await Promise.race([working, pause(1_000)])
  servers[at] = await startServer(own)
  await catchUp(field)
  return { work: working }
}

/** Resolves when somebody reads an answer that has its sources and not yet its end. */
const midAnswer = ({ ledger }: Field): Promise<unknown> =>
  until('an answer is being read', () => [...ledger.open].some(({ frames }) => isMidAnswer(frames)))
const isMidAnswer = (frames: readonly Frame[]): boolean =>
  frames.some(({ part }) => part.type === 'data-source') && frames.at(-1)?.part.type !== 'finish'

/** Some of the readers that were cut off come back at once, the others when they like. */
const catchUp = async ({ ledger, url }: Field): Promise<void> => {
  const open = ledger.followed.filter(({ reading }) => !reading.done).slice(0, 2)
  await Promise.allSettled(open.map((followed) => Promise.race([readOn(url(), followed), pause(500)])))
}

const summaryOf = ({ people, documents, followed, answered, cut }: Ledger): string => {
  const deleted = documents.filter(({ deletion }) => deletion === 'done').length
  return `acknowledged: ${people.length} registrations, ${documents.length} uploads, ${deleted} deletes, ${answered.length} answers, ${followed.length} turns by stream; ${cut} calls cut off`
}

/**
 * npm run test:faults: the real server, killed at random moments and held to what it promised.
 * FAULTS_SEED repeats a run's choices, FAULTS_ROUNDS (20) says how often each shape is killed, half of them with engines
 * for answers and vectors. FAULTS_ONLY names the part to run: embedded, server or lifecycle.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openServices } from './database.ts'
import { type Engines, openEngines } from './engines.ts'
import { killAgainAndAgain } from './kill9.ts'
import { checkLifecycle } from './lifecycle.ts'
import { createChance } from './random.ts'
import { createReport } from './report.ts'
import { settingsFor } from './server.ts'

const seed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 1e9))
const rounds = Number(process.env.FAULTS_ROUNDS ?? 20)
const only = process.env.FAULTS_ONLY
const isWanted = (part: string): boolean => only === undefined || only === part

const report = createReport()
report.note(`FAULTS_SEED=${seed} FAULTS_ROUNDS=${rounds}`)
const chance = createChance(seed)
const folder = await mkdtemp(join(tmpdir(), 'lyceum-faults-'))
try {
  if (isWanted('lifecycle')) await checkLifecycle(report, settingsFor(join(folder, 'lifecycle')))
  if (isWanted('embedded')) await inHalves(killEmbedded)
  if (isWanted('server')) await inHalves(killOnServices)
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.exit(report.close() === 0 ? 0 : 1)

/** What the two halves of the rounds differ in. */
interface Half {
  /** Ends the names of lines and folders. */
  ending: string
  rounds: number
  engines?: Engines
}

async function inHalves(kill: (half: Half) => Promise<void>): Promise<void> {
  const plain = Math.ceil(rounds / 2)
  await kill({ ending: '', rounds: plain })
  if (rounds === plain) return
  const engines = await openEngines(createChance(seed + 1))
  try {
    await kill({ ending: ' with engines', rounds: rounds - plain, engines })
  } finally {
    await engines.close()
  }
}

async function killEmbedded({ ending, ...half }: Half): Promise<void> {
  const settings = settingsFor(join(folder, `embedded${ending}`), half.engines?.settings)
  await killAgainAndAgain(report, { ...half, name: `embedded${ending}`, settings: [settings], chance })
}

/** Two processes on one PostgreSQL and one Redis, of which one dies at a time. */
async function killOnServices({ ending, ...half }: Half): Promise<void> {
  const services = await openServices(`lyceum_faults_${process.pid}_${Date.now()}`, chance.between(8, 16))
  if (!services) return report.note('SKIPPED PostgreSQL and Redis: eval "$(scripts/services.sh env)" names them')
  const settings = settingsFor(join(folder, `server${ending}`), { ...services.settings, ...half.engines?.settings })
  try {
    await killAgainAndAgain(report, {
      ...half,
      name: `postgres+redis${ending}`,
      settings: [settings, settings],
      chance,
    })
  } finally {
    await services.drop()
  }
}

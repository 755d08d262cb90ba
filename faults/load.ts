/** People at work while servers die under them, and the ledger of what they were promised. */
import { setTimeout as pause } from 'node:timers/promises'
import { call, type Reading, readStream, turnOf, want } from './client.ts'
import { formOf, type Kind, kinds, wordOf } from './material.ts'
import type { Chance } from './random.ts'

export interface Person {
  email: string
  token: string
}

/** A document whose upload was answered. */
export interface Kept {
  id: string
  word: string
  kind: Kind
  owner: Person
  /** `asked`: its deletion was sent and never answered, so that both outcomes are right. */
  deletion: 'none' | 'asked' | 'done'
}

/** A turn that somebody follows by stream. */
export interface Followed {
  owner: Person
  reading: Reading
  /** A reader reads over one connection at a time. */
  isBusy: boolean
}

/** An answer that came whole. */
export interface Answered {
  owner: Person
  turnId: string
  messageId: string
  conversationId: string
  text: string
}

export interface Ledger {
  people: Person[]
  documents: Kept[]
  followed: Followed[]
  /** What is being read by who asked it. */
  open: Set<Reading>
  answered: Answered[]
  /** Calls that a death cut off: nothing was promised. */
  cut: number
  words: number
}

export const newLedger = (): Ledger => ({
  people: [],
  documents: [],
  followed: [],
  open: new Set(),
  answered: [],
  cut: 0,
  words: 0,
})

export const password = 'Secret-123'

export interface Field {
  ledger: Ledger
  chance: Chance
  /** A server that is thought to be up. */
  url(): string
}

export const register = async ({ ledger, url }: Field, email: string): Promise<Person> => {
  const { accessToken } = await want(201, url(), '/auth/register', {
    method: 'POST',
    body: { email, password, name: 'Somebody' },
  })
  const person = { email, token: accessToken }
  ledger.people.push(person)
  return person
}

export const upload = async ({ ledger, chance, url }: Field, kind: Kind = chance.pick(kinds)): Promise<Kept> => {
  const owner = chance.pick(ledger.people)
  ledger.words += 1
  const word = wordOf(ledger.words)
  const { document } = await want(202, url(), '/documents', {
    method: 'POST',
    token: owner.token,
    form: formOf(kind, word),
  })
  const kept: Kept = { id: document.id, word, kind, owner, deletion: 'none' }
  ledger.documents.push(kept)
  return kept
}

const remove = async ({ ledger, chance, url }: Field): Promise<void> => {
  const candidates = ledger.documents.filter(({ deletion }) => deletion === 'none')
  if (candidates.length < 12) return
  const kept = chance.pick(candidates)
  kept.deletion = 'asked'
  const forever = chance.between(0, 2) === 0 ? '?forever=true' : ''
  await want(204, url(), `/documents/${kept.id}${forever}`, { method: 'DELETE', token: kept.owner.token })
  kept.deletion = 'done'
}

const questionFor = ({ ledger, chance }: Field, owner: Person) => {
  const own = ledger.documents.filter((kept) => kept.owner === owner && kept.deletion === 'none')
  const word = own.length > 0 ? chance.pick(own).word : 'unicorn'
  const earlier = ledger.answered.filter((answered) => answered.owner === owner)
  const goesOn = earlier.length > 0 && chance.between(0, 3) === 0
  return {
    message: `When was the ${word} first seen in the harbour?`,
    ...(goesOn && { conversationId: chance.pick(earlier).conversationId }),
  }
}

const askJson = async (field: Field): Promise<void> => {
  const owner = field.chance.pick(field.ledger.people)
  const reply = await call(field.url(), '/chat', {
    method: 'POST',
    token: owner.token,
    body: questionFor(field, owner),
  })
  if (reply.status !== 200) throw new Error(`a question was answered ${reply.status} ${reply.body?.code}`)
  const { turnId, messageId, conversationId, text } = reply.body
  field.ledger.answered.push({ owner, turnId, messageId, conversationId, text })
}

const askStream = async (field: Field): Promise<void> => {
  const owner = field.chance.pick(field.ledger.people)
  const reading: Reading = { frames: [], done: false }
  field.ledger.open.add(reading)
  try {
    await readStream(field.url(), reading, { token: owner.token, question: questionFor(field, owner) })
  } finally {
    field.ledger.open.delete(reading)
    // Whoever has the id of the turn may count on it.
    if (turnOf(reading)) field.ledger.followed.push({ owner, reading, isBusy: false })
  }
}

/** Goes on with a reading that was cut off. */
export const readOn = async (url: string, followed: Followed): Promise<void> => {
  const { owner, reading } = followed
  const turnId = turnOf(reading)?.turnId
  if (!turnId || followed.isBusy) return idle()
  followed.isBusy = true
  try {
    await readStream(url, reading, { token: owner.token, turnId })
  } finally {
    followed.isBusy = false
  }
}

const resumeOne = async ({ ledger, chance, url }: Field): Promise<void> => {
  const open = ledger.followed.filter(({ reading }) => !reading.done)
  await (open.length > 0 ? readOn(url(), chance.pick(open)) : idle())
}

/** Uploads for each round; more would only wait longer to be read. */
const uploadsARound = 3

/** Works until told to stop. What is cut off is counted, and begun again as something else. */
export const work = async (field: Field, isOver: () => boolean): Promise<void> => {
  const { ledger } = field
  let uploads = 0
  const uploadSome = async (): Promise<void> => {
    if (uploads >= uploadsARound) return idle()
    uploads += 1
    await upload(field)
  }
  let [registered, removed] = [false, false]
  const others = async (): Promise<void> => {
    if (!removed) await remove(field)
    removed = true
    if (!registered) await register(field, `person-${ledger.people.length}-${ledger.cut}@example.org`)
    registered = true
    await idle()
  }
  const acts = [
    uploadSome,
    uploadSome,
    () => askJson(field),
    () => askJson(field),
    () => askStream(field),
    () => askStream(field),
    () => resumeOne(field),
    others,
  ]
  const keepDoing = async (act: () => Promise<void>): Promise<void> => {
    while (!isOver()) {
      await act().catch(async () => {
        ledger.cut += 1
        await idle()
      })
    }
  }
  await Promise.all(acts.map(keepDoing))
}

/** So that nobody asks in a circle while there is nothing to do. */
const idle = (): Promise<void> => pause(30)

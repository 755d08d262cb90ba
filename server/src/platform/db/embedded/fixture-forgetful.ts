/** A process that opens the database, asks once and never closes it. */
import { openEmbedded } from './index.ts'
import { quietLog } from './testing.ts'

const database = await openEmbedded({ dir: process.argv[2] ?? '', log: quietLog })
const { rows } = await database.transaction('', (session) => session.query('select 1', []))
console.log(rows[0]?.[0])

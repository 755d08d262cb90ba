/** Columns that many tables share, so that they are named and typed alike. */
import { customType, integer, timestamp, uuid } from 'drizzle-orm/pg-core'
import { uuidv7 } from 'uuidv7'

export const id = () => uuid().primaryKey().$defaultFn(uuidv7)
export const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' })
export const createdAt = () => moment().notNull().defaultNow()
/** Counts the writes to a row, for `If-Match`, live events and caches. */
export const rowVersion = () => integer().notNull().default(1)

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })

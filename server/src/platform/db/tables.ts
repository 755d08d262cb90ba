import { pgTable, uuid } from 'drizzle-orm/pg-core'

/** One row, made by the first migration. */
export const installation = pgTable('installation', { id: uuid().primaryKey() })

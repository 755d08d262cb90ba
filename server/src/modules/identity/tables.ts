/** Institutions, people and their sessions. */
import { boolean, date, doublePrecision, index, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment, rowVersion } from '#platform/db/columns.ts'

export const institutions = pgTable('institutions', {
  id: id(),
  name: text().notNull(),
  version: rowVersion(),
  createdAt: createdAt(),
  deletedAt: moment(),
})

export const faculties = pgTable(
  'faculties',
  {
    id: id(),
    institutionId: uuid()
      .notNull()
      .references(() => institutions.id),
    name: text().notNull(),
    version: rowVersion(),
    createdAt: createdAt(),
    deletedAt: moment(),
  },
  (t) => [index().on(t.institutionId)],
)

export const semesters = pgTable(
  'semesters',
  {
    id: id(),
    institutionId: uuid()
      .notNull()
      .references(() => institutions.id),
    facultyId: uuid()
      .notNull()
      .references(() => faculties.id),
    name: text().notNull(),
    startsOn: date().notNull(),
    endsOn: date().notNull(),
    version: rowVersion(),
    createdAt: createdAt(),
    deletedAt: moment(),
  },
  (t) => [index().on(t.institutionId), index().on(t.facultyId)],
)

export const users = pgTable(
  'users',
  {
    id: id(),
    institutionId: uuid()
      .notNull()
      .references(() => institutions.id),
    email: text().notNull(),
    name: text().notNull(),
    passwordHash: text(),
    role: text({ enum: ['student', 'teacher', 'admin'] }).notNull(),
    tier: text({ enum: ['free', 'pro', 'enterprise'] }).notNull(),
    active: boolean().notNull().default(true),
    version: rowVersion(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    deletedAt: moment(),
  },
  (t) => [uniqueIndex('users_email').on(t.email), index().on(t.institutionId)],
)
export type UserRow = typeof users.$inferSelect

/** One sign-in on one device. Its refresh tokens are a family: reuse of a spent one ends them all. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    institutionId: uuid()
      .notNull()
      .references(() => institutions.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    kind: text({ enum: ['token', 'cookie'] }).notNull(),
    device: text().notNull(),
    address: text().notNull(),
    createdAt: createdAt(),
    lastUsedAt: createdAt(),
    expiresAt: moment().notNull(),
    revokedAt: moment(),
  },
  (t) => [index().on(t.institutionId), index().on(t.userId), index().on(t.expiresAt)],
)

/** Stored as SHA-256. */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    tokenHash: text().primaryKey(),
    institutionId: uuid()
      .notNull()
      .references(() => institutions.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    sessionId: uuid()
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
    /** When its successor was made. */
    replacedAt: moment(),
    /** When its successor was about to be sent, in ms with fractions: a call that came before did not know better. */
    answeredAt: doublePrecision(),
  },
  (t) => [index().on(t.institutionId), index().on(t.userId), index().on(t.sessionId)],
)

/** The keys that sign access tokens, shared by every process on the database. */
export const signingKeys = pgTable('signing_keys', {
  id: text().primaryKey(),
  privateKey: jsonb().$type<Record<string, unknown>>().notNull(),
  createdAt: createdAt(),
})

/** Hashes of the one-time codes that make the first admin. */
export const setupCodes = pgTable('setup_codes', {
  codeHash: text().primaryKey(),
  createdAt: createdAt(),
})

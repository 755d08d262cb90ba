/** Institutions, people, their sessions, and what proves that it is them. */
import {
  boolean,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytea, createdAt, id, moment, rowVersion } from '#platform/db/columns.ts'

export const institutions = pgTable(
  'institutions',
  {
    id: id(),
    name: text().notNull(),
    /** What newcomers give at registration to join this one; null: by invitation alone. */
    joinCode: text(),
    version: rowVersion(),
    createdAt: createdAt(),
    deletedAt: moment(),
  },
  (t) => [uniqueIndex('institutions_join_code').on(t.joinCode)],
)

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
    emailVerifiedAt: moment(),
    /** The key of the second factor, sealed with the server's own; in force once it was confirmed with a code. */
    totpSecret: bytea(),
    totpConfirmedAt: moment(),
    /** The time step of the last code that was taken: none is good twice. */
    totpLastStep: integer(),
    role: text({ enum: ['student', 'teacher', 'admin'] }).notNull(),
    /** A wish of the person that an admin has not answered yet. */
    roleRequest: text({ enum: ['teacher'] }),
    tier: text({ enum: ['free', 'pro', 'enterprise'] }).notNull(),
    /** Language, grade, interests and the like: what the person says of themselves. */
    profile: jsonb().$type<Record<string, unknown>>().notNull().default({}),
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

/** To which faculties a person belongs. */
export const userFaculties = pgTable(
  'user_faculties',
  {
    userId: uuid()
      .notNull()
      .references(() => users.id),
    facultyId: uuid()
      .notNull()
      .references(() => faculties.id),
    institutionId: uuid()
      .notNull()
      .references(() => institutions.id),
  },
  (t) => [primaryKey({ columns: [t.userId, t.facultyId] }), index().on(t.facultyId), index().on(t.institutionId)],
)

/** In which semesters a person is enrolled or teaches. */
export const userSemesters = pgTable(
  'user_semesters',
  {
    userId: uuid()
      .notNull()
      .references(() => users.id),
    semesterId: uuid()
      .notNull()
      .references(() => semesters.id),
    institutionId: uuid()
      .notNull()
      .references(() => institutions.id),
  },
  (t) => [primaryKey({ columns: [t.userId, t.semesterId] }), index().on(t.semesterId), index().on(t.institutionId)],
)

/** A place kept for an address. The link's secret is stored as SHA-256. */
export const invitations = pgTable(
  'invitations',
  {
    id: id(),
    institutionId: uuid()
      .notNull()
      .references(() => institutions.id),
    email: text().notNull(),
    role: text({ enum: ['student', 'teacher', 'admin'] }).notNull(),
    facultyIds: uuid().array().notNull().default([]),
    semesterIds: uuid().array().notNull().default([]),
    tokenHash: text().notNull(),
    invitedBy: uuid().notNull(),
    createdAt: createdAt(),
    expiresAt: moment().notNull(),
    acceptedAt: moment(),
  },
  (t) => [
    uniqueIndex('invitations_token').on(t.tokenHash),
    uniqueIndex('invitations_email').on(t.institutionId, t.email),
    index().on(t.email),
  ],
)

/** A code that was sent to an address, before anyone is known; one for each address and purpose. Stored as SHA-256. */
export const mailedCodes = pgTable(
  'mailed_codes',
  {
    email: text().notNull(),
    purpose: text({ enum: ['register', 'reset_password', 'change_email', 'confirm'] }).notNull(),
    codeHash: text().notNull(),
    triesLeft: integer().notNull(),
    sentAt: createdAt(),
    expiresAt: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.email, t.purpose] }), index().on(t.expiresAt)],
)

/** Failed sign-ins of an account or from an address, before anyone is known; the subject is stored as SHA-256. */
export const signInFailures = pgTable(
  'sign_in_failures',
  {
    subjectHash: text().primaryKey(),
    count: integer().notNull(),
    lastAt: createdAt(),
    /** Until when no further try is looked at. */
    blockedUntil: moment().notNull(),
  },
  (t) => [index().on(t.lastAt)],
)

/** One-time codes for who has lost the second factor. Stored as SHA-256. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    codeHash: text().primaryKey(),
    institutionId: uuid()
      .notNull()
      .references(() => institutions.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    usedAt: moment(),
  },
  (t) => [index().on(t.institutionId), index().on(t.userId)],
)

/** A person's own keys for programs. Stored as SHA-256; the first characters stay readable so that one can tell them apart. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    institutionId: uuid()
      .notNull()
      .references(() => institutions.id),
    userId: uuid()
      .notNull()
      .references(() => users.id),
    name: text().notNull(),
    keyHash: text().notNull(),
    start: text().notNull(),
    scopes: text().array().notNull(),
    createdAt: createdAt(),
    expiresAt: moment().notNull(),
    lastUsedAt: moment(),
    revokedAt: moment(),
  },
  (t) => [uniqueIndex('api_keys_hash').on(t.keyHash), index().on(t.institutionId), index().on(t.userId)],
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

/** What of the material an actor may reach: said here for statements, and again by row-level security. */
import { and, eq, isNull, or, type SQL } from 'drizzle-orm'
import type { Actor } from '#platform/actor.ts'
import { type DocumentRow, documents } from './tables.ts'

/** The condition for documents that the actor may read: the own ones, and those that belong to nobody in particular. */
export const isReadable = (actor: Pick<Actor, 'institutionId' | 'id'>): SQL | undefined =>
  and(
    eq(documents.institutionId, actor.institutionId),
    or(isNull(documents.ownerId), eq(documents.ownerId, actor.id)),
    isNull(documents.deletedAt),
  )

/** The same condition as text: `$1` is the actor's institution, `$2` the actor. */
export const readableText =
  'institution_id = $1::uuid and (owner_id is null or owner_id = $2::uuid) and deleted_at is null'

/** Only its owner changes a personal document; a shared one its maker or an admin. */
export const mayChange = (actor: Actor, document: DocumentRow): boolean =>
  document.ownerId === null ? document.createdBy === actor.id || actor.role === 'admin' : document.ownerId === actor.id

/** Whom a document is for: its person, or the narrowest group that it belongs to. The index keeps audiences apart. */
export const audienceOf = (
  document: Pick<DocumentRow, 'institutionId' | 'ownerId' | 'courseId' | 'semesterId' | 'facultyId'>,
): string =>
  document.ownerId ?? document.courseId ?? document.semesterId ?? document.facultyId ?? document.institutionId

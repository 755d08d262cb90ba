import { z } from 'zod'

/** UUIDv7 in canonical form; made by the server, except where a call says otherwise. */
export const Id = z.uuid().toLowerCase()
export const ById = z.object({ id: Id })
export const Timestamp = z.iso.datetime()

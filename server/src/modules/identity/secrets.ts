import { createHash, randomBytes } from 'node:crypto'

/** An opaque secret with 256 bits of chance. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** How secrets are stored and looked up. They are long and random, so that a plain hash cannot be tried out. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

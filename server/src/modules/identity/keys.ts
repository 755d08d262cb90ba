/** The keys that sign access tokens. They live in the database, so that every process on it signs and verifies alike. */
import { asc } from 'drizzle-orm'
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import type { Database } from '#platform/db/index.ts'
import { signingKeys } from './tables.ts'

const algorithm = 'EdDSA'
const issuer = 'lyceum'

/** What an access token says. Role and scope are read from the database again: the token proves the session. */
export interface Claims {
  sub: string
  sid: string
  role: string
  tier: string
  institutionId: string
  facultyIds: string[]
  semesterIds: string[]
}

export interface PublicKey {
  kty: string
  crv: string
  x: string
  kid: string
  alg: string
  use: 'sig'
}

export interface TokenKeys {
  sign(claims: Claims, expiresAt: Date): Promise<string>
  /** The claims and the end of a token that this installation signed and that is not over; null for any other text. */
  verify(token: string, now: Date): Promise<{ claims: Claims; expiresAt: Date } | null>
  /** What others need to verify, in the form of RFC 7517 and RFC 8037. */
  published: PublicKey[]
}

/** Opens the keys, making the first when there is none. Two processes that start together agree on one. */
export const openKeys = async (db: Database): Promise<TokenKeys> => {
  const found = await loadKeys(db)
  const stored = found.length > 0 ? found : await makeKey(db)
  const verifiers = new Map(
    await Promise.all(
      stored.map(async ({ id, privateKey }) => [id, await importJWK(publicPart(privateKey), algorithm)] as const),
    ),
  )
  const [newest] = stored.slice(-1)
  if (!newest) throw new Error('There is no key to sign with')
  const signer = await importJWK(newest.privateKey, algorithm)
  return {
    published: stored.map(({ id, privateKey }) => publish(id, publicPart(privateKey))),
    sign: ({ sub, ...claims }, expiresAt) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: algorithm, kid: newest.id })
        .setSubject(sub)
        .setJti(crypto.randomUUID())
        .setIssuer(issuer)
        .setAudience(issuer)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(signer),
    verify: async (token, now) => {
      if (!isCompact(token)) return null
      try {
        const { payload } = await jwtVerify(
          token,
          (header) => {
            const key = verifiers.get(header.kid ?? '')
            if (!key) throw new Error('unknown key')
            return key
          },
          {
            algorithms: [algorithm],
            issuer,
            audience: issuer,
            clockTolerance: 60,
            currentDate: now,
            requiredClaims: ['sub', 'sid', 'exp'],
          },
        )
        return { claims: payload as unknown as Claims, expiresAt: new Date((payload.exp ?? 0) * 1000) }
      } catch {
        return null
      }
    },
  }
}

/**
 * Whether it is three parts in base64url as RFC 7515 has it, which the library reads more kindly: without padding, spaces
 * or bits that say nothing, so that a token has one spelling alone.
 */
export const isCompact = (token: string): boolean => {
  const parts = token.split('.')
  return parts.length === 3 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
}

const publicPart = ({ d: _, ...rest }: JWK): JWK => rest

const publish = (kid: string, { kty = '', crv = '', x = '' }: JWK): PublicKey => ({
  kty,
  crv,
  x,
  kid,
  alg: algorithm,
  use: 'sig',
})

const loadKeys = (db: Database) =>
  db.door((db) => db.select().from(signingKeys).orderBy(asc(signingKeys.createdAt), asc(signingKeys.id)))

const makeKey = async (db: Database) => {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const row = { id: 'first', privateKey: { ...(await exportJWK(privateKey)) } }
  // The fixed name lets one of two first starts win; both then read what stands.
  await db.door((db) => db.insert(signingKeys).values(row).onConflictDoNothing())
  return loadKeys(db)
}

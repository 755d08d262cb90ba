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

export interface TokenKeys {
  sign(claims: Claims, expiresAt: Date): Promise<string>
  /** The claims and the end of a token that this installation signed and that is not over; null for any other text. */
  verify(token: string, now: Date): Promise<{ claims: Claims; expiresAt: Date } | null>
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

const publicPart = ({ d: _, ...rest }: JWK): JWK => rest

const loadKeys = (db: Database) =>
  db.door((db) => db.select().from(signingKeys).orderBy(asc(signingKeys.createdAt), asc(signingKeys.id)))

const makeKey = async (db: Database) => {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const row = { id: 'first', privateKey: { ...(await exportJWK(privateKey)) } }
  // The fixed name lets one of two first starts win; both then read what stands.
  await db.door((db) => db.insert(signingKeys).values(row).onConflictDoNothing())
  return loadKeys(db)
}

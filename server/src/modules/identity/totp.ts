/** Time-based one-time passwords (RFC 6238): SHA-1, steps of 30 s, six digits, as every authenticator app has them. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const stepSeconds = 30
const digits = 6
/** Clocks differ: the code before and the one after are taken as well. */
const window = [-1, 0, 1]

/** 160 bits, as long as the hash (RFC 4226, section 4). */
export const newTotpSecret = (): Buffer => randomBytes(20)

/** The code of a step, by the truncation of RFC 4226, section 5.3. */
export const totpOf = (secret: Buffer, step: number): string => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

export const stepAt = (now: Date): number => Math.floor(now.getTime() / 1000 / stepSeconds)

/** The step that a code is of, or null. Takes the same time whichever it is. */
export const matchTotp = (secret: Buffer, code: string, now: Date): number | null => {
  const given = Buffer.from(code)
  if (given.length !== digits) return null
  const steps = window.map((offset) => stepAt(now) + offset)
  const matching = steps.filter((step) => timingSafeEqual(Buffer.from(totpOf(secret, step)), given))
  return matching[0] ?? null
}

/** The address that an authenticator app reads from a picture. */
export const totpUri = (secret: Buffer, email: string): string => {
  const query = new URLSearchParams({
    secret: base32(secret),
    issuer: 'Lyceum',
    algorithm: 'SHA1',
    digits: String(digits),
  })
  return `otpauth://totp/Lyceum:${encodeURIComponent(email)}?${query}&period=${stepSeconds}`
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648, without padding. */
export const base32 = (bytes: Buffer): string => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')
}

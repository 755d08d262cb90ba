import { hash, verify } from '@node-rs/argon2'

/** OWASP's parameters for Argon2id: 19 MiB, two passes, one lane. */
const argon2id = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export const hashPassword = (password: string): Promise<string> => hash(password, argon2id)

/** A hash of nothing that anybody knows, so that an unknown address costs as much time as a wrong password. */
const nobody = '$argon2id$v=19$m=19456,t=2,p=1$adblgklsggwzEcJSe1XWLQ$59LlV0ibtYIeDQDUwf88ocYsgcMJrhmQFbQ7F+dkWkA'

/** Takes the same time whether or not there is such an account. */
export const isPassword = async (passwordHash: string | null, password: string): Promise<boolean> => {
  const matches = await verify(passwordHash ?? nobody, password).catch(() => false)
  return passwordHash !== null && matches
}

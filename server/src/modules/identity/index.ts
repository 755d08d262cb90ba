/** Identity: who people are, and that it is them. */

export { accountHttp } from './account-routes.ts'
export { type AccountNeeds, ensureAdmin, makeSetupCode } from './accounts.ts'
export { createAuthenticate } from './authenticate.ts'
export { defaultInstitutionId } from './institutions.ts'
export { openKeys } from './keys.ts'
export { purgeIdentity } from './purge.ts'
export { renewalHttp } from './renewal.ts'
export { identityHttp } from './routes.ts'
export { openSecretKey } from './secret-key.ts'
export { institutions, users } from './tables.ts'

/** Identity: who people are, and that it is them. */
export { type AccountNeeds, ensureAdmin, makeSetupCode } from './accounts.ts'
export { createAuthenticate } from './authenticate.ts'
export { defaultInstitutionId } from './institutions.ts'
export { openKeys } from './keys.ts'
export { identityHttp } from './routes.ts'
export { institutions, users } from './tables.ts'

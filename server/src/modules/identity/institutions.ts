/** The institution of an installation that has only one; made by the first migration. Newcomers join it. */
export const defaultInstitutionId = '00000000-0000-7000-8000-000000000001'

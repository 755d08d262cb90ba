/** The languages that retrieval and the extractive tutor know by name. Everything else is served unstemmed. */
export const languages = ['en', 'de', 'ar', 'id'] as const
export type Language = (typeof languages)[number]

/** A document's BCP 47 tag as one of ours (`de-AT` is `de`); null for any other language. */
export const asLanguage = (tag: string | null | undefined): Language | null => {
  const primary = tag?.toLowerCase().split(/[-_]/, 1)[0]
  return languages.find((language) => language === primary) ?? null
}

/** What is said when the material does not say. In the language of the question: it is part of the answer, not of the interface. */
const refusals = {
  en: 'Your pages do not say.',
  de: 'Auf deinen Seiten steht das nicht.',
  ar: 'صفحاتك لا تذكر ذلك.',
  id: 'Halaman Anda tidak menyebutkannya.',
}

/** What is said to a greeting when no model says it. */
const greetings = {
  en: 'Hello! Ask me what you want to know from your pages.',
  de: 'Hallo! Frag mich, was du aus deinen Seiten wissen möchtest.',
  ar: 'مرحبًا! اسألني عمّا تريد معرفته من صفحاتك.',
  id: 'Halo! Tanyakan apa yang ingin Anda ketahui dari halaman Anda.',
}

type Known = keyof typeof refusals
const isKnown = (language: string): language is Known => Object.hasOwn(refusals, language)

const codeOf = (language: string): Known => {
  const code = language.slice(0, 2).toLowerCase()
  return isKnown(code) ? code : 'en'
}

/** @param language a code such as `de` or `de-AT`; English for any other */
export const refusalIn = (language: string): string => refusals[codeOf(language)]

/** @param language as for `refusalIn` */
export const greetingIn = (language: string): string => greetings[codeOf(language)]

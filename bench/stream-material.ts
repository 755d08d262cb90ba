/** Own words to ask about: harbours, each with sentences that nothing else says. */
const people = ['Amara', 'Bjorn', 'Celia', 'Dimitri', 'Elif', 'Farid', 'Greta', 'Hamid', 'Ines', 'Jonas']
const goods = ['timber', 'salt', 'copper', 'wool', 'grain', 'tea', 'oranges', 'slate', 'herring', 'glass']
const trades = ['pilot', 'lighthouse keeper', 'rope maker', 'customs officer', 'shipwright']

const pick = (list: readonly string[], at: number): string => list[at % list.length] ?? ''

/** @returns twenty sentences about one harbour */
const sentencesOn = (harbour: number): string[] =>
  Array.from({ length: 20 }, (_, at) => {
    const year = 1500 + ((harbour * 37 + at * 11) % 400)
    const tons = 100 + ((harbour * 53 + at * 71) % 900)
    return `In ${year} the ${pick(trades, at)} ${pick(people, harbour + at)} of harbour number ${harbour} counted ${tons} tons of ${pick(goods, harbour * 3 + at)} on the eastern quay.`
  })

export const subjects: string[][] = Array.from({ length: 100 }, (_, harbour) => sentencesOn(harbour))

/** As one Markdown file. */
export const material = (): string =>
  subjects.map((sentences, at) => `## Harbour number ${at}\n\n${sentences.join(' ')}\n`).join('\n')

export const questionOn = (harbour: number): string =>
  `How many tons were counted on the eastern quay of harbour number ${harbour}?`

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { documentFailures } from '@lyceum/contract/errors'
import { languages } from './languages.ts'

type Catalogue = { [key: string]: string | Catalogue }

const read = (language: string): Catalogue =>
  JSON.parse(readFileSync(join(import.meta.dirname, `${language}.json`), 'utf8'))

const flatten = (catalogue: Catalogue, prefix = ''): [key: string, text: string][] =>
  Object.entries(catalogue).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  )

const plural = /_(zero|one|two|few|many|other)$/
const baseOf = (key: string): string => key.replace(plural, '')
const basesOf = (texts: [string, string][]): string[] => [...new Set(texts.map(([key]) => baseOf(key)))].sort()
const valuesIn = (text: string): string[] => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name ?? '').sort()

const all = Object.keys(languages).map((language) => ({ language, texts: flatten(read(language)) }))
const english = all.find(({ language }) => language === 'en')?.texts ?? []

describe('the catalogues', () => {
  it('are those of all languages, and say something', () => {
    assert.equal(all.length, 4)
    assert.ok(english.length > 150)
    for (const { language, texts } of all) {
      for (const [key, text] of texts)
        assert.ok(text.trim() !== '' || key === 'proof.and', `${language}: ${key} is empty`)
    }
  })

  for (const { language, texts } of all) {
    it(`has every text in ${language}`, () => assert.deepEqual(basesOf(texts), basesOf(english)))

    it(`has each plural form of ${language}, and no other`, () => {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted()
      const counted = new Set(texts.filter(([key]) => plural.test(key)).map(([key]) => baseOf(key)))
      assert.ok(counted.size > 5)
      for (const base of counted) {
        const found = texts.filter(([key]) => baseOf(key) === base).map(([key]) => plural.exec(key)?.[1])
        assert.deepEqual(found.toSorted(), forms, base)
      }
    })

    it(`puts the same values into the texts of ${language}`, () => {
      for (const [key, text] of texts.filter(([key]) => !plural.test(key))) {
        const [, original = ''] = english.find(([other]) => other === key) ?? []
        assert.deepEqual(valuesIn(text), valuesIn(original), key)
      }
    })
  }

  it('explain every reason why a document was not read', () => {
    const keys = new Set(english.map(([key]) => key))
    for (const code of documentFailures) assert.ok(keys.has(`failure.${code}.what`), code)
  })
})

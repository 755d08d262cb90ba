import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guessLanguage } from './language.ts'

const cases: [text: string, language: string | null][] = [
  ['The cell is the smallest unit of life, and all of the organisms that we know are made of cells.', 'en'],
  ['Die Zelle ist die kleinste Einheit des Lebens, und alle bekannten Lebewesen bestehen aus Zellen.', 'de'],
  ['Sel adalah unit terkecil dari kehidupan, dan semua makhluk yang kita kenal terdiri dari sel.', 'id'],
  ['الخلية هي أصغر وحدة في الحياة، وكل الكائنات التي نعرفها تتكون من خلايا.', 'ar'],
  ['سلول کوچک‌ترین واحد حیات است و همهٔ جانداران از سلول‌ها پدید آمده‌اند، چنان‌که می‌گویند.', null],
  ['La cellule est la plus petite unité du vivant, et tous les organismes sont faits de cellules.', null],
  ['Lorem ipsum dolor sit amet, consectetuer adipiscing elit. Ut purus elit, vestibulum ut.', null],
  ['细胞是生命的基本单位', null],
  ['12 + 30 = 42', null],
  ['', null],
  ['يمكن استخدام هذه الدالة في كل مكون من المكونات: function App() { return null } const x = useState(0)', 'ar'],
]

for (const [text, language] of cases) {
  test(`${language}: ${text.slice(0, 30)}`, () => assert.equal(guessLanguage(text), language))
}

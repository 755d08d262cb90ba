/** What a model or a document says is data: read in the source, and tried with what would be code elsewhere. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { uuidv7 } from 'uuidv7'
import { type ModelHome, openModelHome } from '../server/src/testing/model-home.ts'
import { newPerson } from '../server/src/testing/people.ts'
import { saying } from '../server/src/testing/scripted-model.ts'

const root = join(import.meta.dirname, '..')

interface Source {
  path: string
  code: string
}

const isTest = (path: string): boolean => /\.test\.tsx?$|\/testing(\/|\.ts)|\/fixture-/.test(path)
/** Comments are no code; a `//` inside an address is none of them. */
const codeOf = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
const sources: Source[] = ['server/src/**/*.ts', 'contract/src/**/*.ts', 'web/src/**/*.{ts,tsx}', 'bin/*.mjs']
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !isTest(path))
  .map((path) => ({ path, code: codeOf(readFileSync(join(root, path), 'utf8')) }))

interface Rule {
  what: string
  pattern: RegExp
  /** Where it stands for a reason, and none of the text is a person's or a model's. */
  except?: readonly string[]
  planted: string
}

const rules: Rule[] = [
  { what: 'eval', pattern: /\beval\s*\(/, planted: 'eval(answer.text)' },
  { what: 'a function made of text', pattern: /\bnew\s+Function\b|\bFunction\s*\(/, planted: 'new Function(text)()' },
  { what: 'node:vm', pattern: /['"](?:node:)?vm['"]/, planted: "import vm from 'node:vm'" },
  { what: 'a timer made of text', pattern: /\bset(?:Timeout|Interval)\(\s*['"`]/, planted: 'setTimeout("run()", 1)' },
  {
    what: 'a program that is started',
    pattern: /['"](?:node:)?child_process['"]/,
    except: [
      'bin/check.mjs',
      'bin/runtime.mjs',
      'bin/test.mjs',
      'server/src/commands/eval.ts',
      'server/src/modules/parsing/child/run-child.ts',
      'server/src/modules/parsing/child/spawn.ts',
      'server/src/platform/web/build.ts',
    ],
    planted: "import { exec } from 'node:child_process'",
  },
  { what: 'a shell', pattern: /\bshell\s*:\s*(?!false)|\bexecSync\s*\(/, planted: 'spawn(text, { shell: true })' },
  { what: 'SQL made of text', pattern: /\bsql\.raw\s*\(|\bsql\.unsafe\s*\(/, planted: 'sql.raw(text)' },
  {
    what: 'a module named by text',
    pattern: /\bimport\(\s*(?!['"])|\brequire\(\s*(?!['"])/,
    except: ['server/src/modules/parsing/pdf/load-pdfjs.ts'],
    planted: 'await import(text)',
  },
  {
    what: 'a template language',
    pattern: /from\s+['"](?:ejs|pug|handlebars|mustache|nunjucks|eta|liquidjs|lodash)(?:\/|['"])/,
    planted: "import ejs from 'ejs'",
  },
  {
    what: 'markup made of text',
    pattern: /dangerouslySetInnerHTML|\.(?:inner|outer)HTML\s*=|insertAdjacentHTML|document\.write\(|\bsrcdoc\b/i,
    planted: 'element.innerHTML = text',
  },
]

const found = (of: readonly Source[], { pattern, except = [] }: Rule): string[] =>
  of.filter(({ path, code }) => !except.includes(path) && pattern.test(code)).map(({ path }) => path)

describe('no text becomes code', () => {
  it('in any file that is shipped', () => {
    assert.ok(sources.length > 250, `${sources.length} files`)
  })
  for (const rule of rules) {
    it(`by ${rule.what}`, () => {
      assert.deepEqual(found([{ path: 'planted.ts', code: rule.planted }], rule), ['planted.ts'])
      assert.deepEqual(found(sources, rule), [])
      const useless = (rule.except ?? []).filter(
        (path) => found(sources, { ...rule, except: [] }).includes(path) === false,
      )
      assert.deepEqual(useless, [], 'an exception that nothing needs')
    })
  }
})

const name = `lyceum-canary-${uuidv7()}`
const canary = join(tmpdir(), name)
/** Each would leave a file or spoil a table, wherever it was run. */
const code = [
  `$(touch ${canary})`,
  `; touch ${canary} #`,
  `$\{require('fs').writeFileSync('${canary}', 'x')}`,
  `{{ constructor.constructor("process.getBuiltinModule('fs').writeFileSync('${canary}', 'x')")() }}`,
  `<%= process.getBuiltinModule('fs').writeFileSync('${canary}', 'x') %>`,
  `'); drop table messages cascade; --`,
  `' || (select password_hash from users limit 1) || '`,
  '$1 $2 %s :name ?',
  '__proto__ constructor toString',
]

describe('what would be code elsewhere', () => {
  let home: ModelHome
  before(async () => {
    home = await openModelHome()
  })
  after(() => home.close())

  it('goes through the model’s answer, the document, its name and the question as it was written', async () => {
    // Marked and not withheld, so that every one of them is seen, kept and told again.
    const test = await home.open({ UNSUPPORTED_SENTENCES: 'mark' })
    const ada = await newPerson(test)
    const lines = code.map((text, at) => `The harbour of Emden has the rule ${at}: ${text} is written there.`)
    const { body: document } = await ada.read(`rules ${code[5]}.txt`, lines.join('\n\n'))
    assert.equal(document.status, 'ready')
    const { text } = (await ada.call('GET', `/documents/${document.id}/pages/1`)).body
    for (const line of lines) assert.ok(text.includes(line), line)

    for (const [at, line] of lines.entries()) {
      home.engine.next(saying(`\`${code[at]}\` is a rule of the harbour of Emden [1].`))
      const message = `Which rule has the harbour of Emden: ${line}`
      const { status, body } = await ada.call('POST', '/chat', { message })
      assert.equal(status, 200)
      assert.ok(body.text.includes(code[at]), body.text)
      const { items } = (await ada.call('GET', `/chat/conversations/${body.conversationId}/messages`)).body
      assert.deepEqual([items[0].content, items[1].content], [message, body.text])
      assert.equal((await ada.call('POST', '/search', { query: code[at] })).status, 200)
    }
    await assert.rejects(access(canary), { code: 'ENOENT' })
    const [kept] = await test.admin.exec('select count(*)::int from messages')
    assert.deepEqual(kept?.rows, [[2 * lines.length]])
    await test.close()
  })
})

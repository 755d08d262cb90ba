/** What the commands print, and how they end. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ask } from './ask.ts'
import { backup, restore } from './backup.ts'
import { type Console, UsageError } from './console.ts'
import { doctor } from './doctor.ts'

const listen = (env: Record<string, string> = {}) => {
  const said = { out: '' }
  const out = (text: string): void => {
    said.out += text
  }
  const console: Console = { env, out, err: () => undefined, isTerminal: false }
  return { console, said }
}

describe('lyceum', { timeout: 120_000 }, () => {
  let dir: string
  const file = (name: string): string => join(dir, name)
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lyceum-commands-'))
    await writeFile(file('heart.md'), '# Heart\n\nThe heart has four chambers. William Harvey described it in 1628.\n')
    await writeFile(file('meer.md'), '# Meer\n\nDer Mond zieht das Wasser an. Die Springflut kommt bei Neumond.\n')
    await writeFile(file('empty.pdf'), '')
  })
  after(() => rm(dir, { recursive: true, force: true }))

  test('ask answers from several files, with the page and its words, and leaves nothing behind', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('lyceum-ask-'))
    const { console, said } = listen()
    const code = await ask(console, [file('heart.md'), file('meer.md'), 'Wann kommt die Springflut?'])
    assert.equal(code, 0)
    assert.match(said.out, /Die Springflut kommt bei Neumond\. \[\d\]\n/)
    assert.match(said.out, /\[\d\] meer, page 1: “Die Springflut kommt bei Neumond\.”/)
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith('lyceum-ask-'))
    assert.deepEqual(left, before)
  })

  test('ask refuses with a code of its own, and prints all of the answer on demand', async () => {
    const { console, said } = listen()
    assert.equal(await ask(console, ['--json', file('heart.md'), 'What is the capital of Mongolia?']), 3)
    const answer = JSON.parse(said.out)
    assert.deepEqual([answer.refused, answer.citations], [true, []])
  })

  test('ask names the file that it cannot read, and why', async () => {
    await assert.rejects(ask(listen().console, [file('empty.pdf'), 'What?']), /^Error: empty\.pdf: .*empty/)
  })

  for (const [why, args] of [
    ['no question', ['heart.md']],
    ['no such file', ['nowhere.md', 'What?']],
    ['a folder', ['.', 'What?']],
    ['an option that there is not', ['--unknown', 'heart.md', 'What?']],
  ] as const)
    test(`ask with ${why} says how it is used`, async () => {
      const given = args.map((arg) => (arg.endsWith('.md') || arg === '.' ? file(arg) : arg))
      await assert.rejects(ask(listen().console, given), UsageError)
    })

  test('backup and restore say what they lack', async () => {
    const { console } = listen({ DATA_DIR: file('nowhere') })
    await assert.rejects(backup(console, []), UsageError)
    await assert.rejects(backup(console, [file('b.tar.gz')]), /There is no installation in .*nowhere/)
    await assert.rejects(restore(console, [file('nowhere.tar.gz')]), /There is no file/)
    assert.equal(existsSync(file('nowhere')), false)
  })

  test('doctor finds a sound place sound, and names what is wrong with another', async () => {
    const sound = listen({ DATA_DIR: file('new'), PORT: '0' })
    assert.equal(await doctor(sound.console), 0)
    assert.match(sound.said.out, /It will start/)
    const broken = listen({ DATA_DIR: file('heart.md'), PORT: '0', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    assert.equal(await doctor(broken.console), 1)
    assert.match(broken.said.out, /FAULT +data folder: .*heart\.md cannot be written/)
    assert.match(broken.said.out, /FAULT +database: /)
    await assert.rejects(doctor(listen({ PORT: 'x' }).console), /PORT/)
  })
})

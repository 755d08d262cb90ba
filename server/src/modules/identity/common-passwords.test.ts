import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { Password } from '@lyceum/contract/identity'
import { uuidv7 } from 'uuidv7'
import { type TestApp, testApp } from '#testing/app.ts'
import { newPerson, request, testPassword } from '#testing/people.ts'
import { assertProblem } from '#testing/problems.ts'
import { isCommonPassword } from './common-passwords.ts'

const ada = { email: 'ada.lovelace@harbour-school.example', name: 'Ada Lovelace-Müller' }

describe('a common password', () => {
  const common =
    `Password1 Password1! P@ssw0rd P@$$w0rd123 Passw0rd2024 Pa55w0rd! PASSw0rd! 123Password! Passwort1! Hallo123!
    Qwerty123 Qwerty123! Qwertz1! 1Qaz2wsx 1Qaz2wsx! Zaq12wsx! 1Q2w3e4r Q1w2e3r4! Asdfghjkl1 Zxcvbnm1! Qazwsx12 Abcd1234
    Abc12345 Abcdefg1 Aaaaaaa1 Aaa111!! Aa111111 Welcome1 Welcome@123 Letmein1! Admin123 Admin@123 Adm1n!23 Iloveyou1 Iloveyou!
    Sunshine1 Princess1! Dragon99 M0nkey123 Football1! Michael1 Summer2024! Winter2023! Sommer2024! Lyceum123! Lyceum2026
    Rahasia123 Sayang123! Bismillah1 Ichliebedich1 Trustno1! PasswordPassword1 Abc1Abc1Abc1 Changeme1!
    Ünited1! Ｐassword1 Starwars77! Jesus123! Chocolate1 Superman1 Secret123!`.split(/\s+/)
  for (const password of common) {
    it(`is ${password}`, () => {
      assert.ok(Password.safeParse(password).success, 'our other rules take it')
      assert.equal(isCommonPassword(password, ada), true)
    })
  }

  const own =
    'Lovelace1 Ada-Lovelace1 AdaLovelace1! Lovelace.Ada1 L0velace! Harbour1! Muller2024 Adalovelacemuller1'.split(' ')
  for (const password of own) {
    it(`is ${password} of whom it names, and of nobody else`, () => {
      assert.equal(isCommonPassword(password, ada), true)
      assert.equal(isCommonPassword(password, { email: 'x@y.example' }), false)
    })
  }

  const sound = [
    testPassword,
    'Heron-on-the-7th-pier',
    'Correct-Horse-9',
    'xK9#mQ2$vL',
    'Tr0ub4dor&3',
    'Gr3y-Harbour-Tide',
  ]
  for (const password of [...sound, 'Changed-123', 'MyDogEats7Shoes', 'zZ9-plural-Z-alpha', 'Vier Möwen, 1 Fisch']) {
    it(`is not ${password}`, () => assert.equal(isCommonPassword(password, ada), false))
  }

  it('is told in a moment, however long and odd it is', () => {
    const texts = [
      'a'.repeat(128),
      'ab'.repeat(64),
      `${'a1!'.repeat(42)}A`,
      '1'.repeat(127),
      `${'!'.repeat(64)}${'1'.repeat(64)}`,
    ]
    const before = process.cpuUsage()
    for (const text of texts) isCommonPassword(text, { email: `${'a.'.repeat(120)}@b.example`, name: 'a '.repeat(100) })
    const { user } = process.cpuUsage(before)
    assert.ok(user < 1_000_000, `${user} µs`)
  })
})

describe('who chooses a common password', () => {
  let test: TestApp
  before(async () => {
    test = await testApp()
    await newPerson(test, { role: 'admin' })
  })

  it('is told so, wherever passwords are set, and nothing is changed or spent', async () => {
    const person = await newPerson(test)
    const send = (path: string, body: unknown) => request(test, { method: 'POST', path, body })
    const refused = [
      [await send('/auth/register', { email: `${uuidv7()}@example.org`, password: 'Password1!' }), 'password'],
      [
        await send('/auth/password/reset', { email: person.email, code: '1', newPassword: 'Password1!' }),
        'newPassword',
      ],
      [
        await person.call('POST', '/auth/password/change', {
          currentPassword: testPassword,
          newPassword: 'Password1!',
        }),
        'newPassword',
      ],
    ] as const
    for (const [reply, path] of refused) {
      assertProblem(reply, 422, 'input_invalid')
      assert.deepEqual(
        reply.body.errors.map((error: { path: string }) => error.path),
        [path],
      )
    }
    assert.equal((await send('/auth/login', { email: person.email, password: testPassword })).status, 200)
  })
})

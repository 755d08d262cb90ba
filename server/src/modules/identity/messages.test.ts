import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mailLanguage, type Topic, writeMessage } from './messages.ts'

describe('the language of a message', () => {
  const asked: [string, string][] = [
    ['de', 'de'],
    ['de-AT,en;q=0.5', 'de'],
    ['en;q=0.2, ar-EG;q=0.9', 'ar'],
    ['fr, id;q=0.4', 'id'],
    ['de;q=0, id', 'id'],
    ['*', 'en'],
    ['', 'en'],
    [';;q=,,', 'en'],
  ]
  for (const [accepted, language] of asked) {
    it(`for “${accepted}” is ${language}`, () => assert.equal(mailLanguage(accepted), language))
  }
})

describe('every message', () => {
  const topics: Topic[] = [
    'register',
    'already_registered',
    'reset_password',
    'change_email',
    'confirm',
    'password_changed',
    'email_changed',
  ]
  const withCode: Topic[] = ['register', 'reset_password', 'change_email', 'confirm']
  for (const language of ['en', 'de', 'ar', 'id'] as const) {
    it(`in ${language} has its own subject and text, and fetches nothing`, () => {
      const all = topics.map((topic) => {
        const code = withCode.includes(topic) ? { code: '012345' } : {}
        return writeMessage(topic, { to: 'ada@example.org', language, ...code })
      })
      assert.equal(new Set(all.map(({ subject }) => subject)).size, topics.length)
      assert.equal(new Set(all.map(({ text }) => text)).size, topics.length)
      assert.equal(all.filter(({ text }) => text.includes('012345')).length, withCode.length)
      for (const { html } of all) {
        assert.ok(html.includes(`lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"`))
        assert.doesNotMatch(html, /http|src=|url\(|<script/i)
      }
    })
  }
})

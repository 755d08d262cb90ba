import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readableLines } from './readable-lines.ts'

const shown = (row: object): string => {
  let text = ''
  readableLines((written) => {
    text += written
  }).write(`${JSON.stringify({ level: 'info', time: '2026-01-02T03:04:05.678Z', service: 'lyceum', ...row })}\n`)
  return text
}

it('somebody who looks sees what happened, without the fields that machines read', () => {
  assert.match(shown({ msg: 'Lyceum is ready: http://127.0.0.1:3000' }), /^\d\d:\d\d:\d\d Lyceum is ready: \S+:3000\n$/)
  const request = { msg: 'request', method: 'GET', route: '/health', status: 200, ms: 3, requestId: 'abc' }
  assert.match(shown(request), /^\d\d:\d\d:\d\d GET \/health 200 \(3 ms\)\n$/)
})

it('a fault keeps its stack and those of its causes', () => {
  const err = { stack: 'Error: outer\n    at a.ts:1', cause: { message: 'inner' } }
  assert.match(
    shown({ level: 'error', msg: 'job failed', err }),
    /ERROR job failed\nError: outer\n {4}at a\.ts:1\ninner\n$/,
  )
})

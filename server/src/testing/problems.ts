/** What every refusal of the API looks like. */
import assert from 'node:assert/strict'
import { Problem } from '@lyceum/contract/problem'
import type { Reply } from './people.ts'

/** Words that only our own inside knows: a stack, a statement, a path. */
const inside = /node_modules|\.ts:\d|\n\s+at |\bselect\b.+\bfrom\b|insert into|ZodError|Error:|\/server\/src/i

/** The answer is a refusal with this status and code, whole, and tells nothing of the inside. */
export const assertProblem = ({ status, headers, body }: Reply, expected: number, code?: string): void => {
  const shown = JSON.stringify(body)
  assert.equal(status, expected, shown)
  assert.match(String(headers['content-type']), /^application\/problem\+json/)
  const problem = Problem.parse(body)
  assert.equal(problem.status, expected)
  assert.equal(headers['x-request-id'], problem.requestId)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.doesNotMatch(shown, inside)
  if (code !== undefined) assert.equal(problem.code, code, shown)
}

/** Some refusal that the caller can mend. */
export const assertRefused = (reply: Reply): void => {
  assert.ok(reply.status >= 400 && reply.status < 500, `${reply.status} ${JSON.stringify(reply.body)}`)
  assertProblem(reply, reply.status)
}

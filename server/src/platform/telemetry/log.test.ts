import assert from 'node:assert/strict'
import { it } from 'node:test'
import { json, route } from '@lyceum/contract/route'
import { get, serve, Thing } from '#testing/one-route.ts'

it('the log has the statement that failed and not the text that people wrote', async () => {
  const fault = new Error(
    'Failed query: insert into notes values ($1, $2)\nparams: one,Dear diary\nsecond line of it\n\nthe end',
  )
  fault.stack = `${fault.message}\n    at somewhere (file.ts:1:1)`
  const { call, lines } = serve(route({ ...get, reply: json(Thing) }), async () => {
    throw fault
  })
  assert.equal((await call()).status, 500)
  const text = lines.join('')
  assert.match(text, /insert into notes/)
  assert.match(text, /somewhere/)
  for (const secret of ['diary', 'second line', 'the end']) assert.ok(!text.includes(secret), secret)
})

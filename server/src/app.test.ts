import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { allRoutes } from '@lyceum/contract'
import { testApp } from '#testing/app.ts'
import { request } from '#testing/people.ts'

describe('the app', () => {
  it('mounts every call of the contract, with and without the version', async () => {
    const { app } = await testApp()
    const missing = allRoutes.flatMap(({ method, path, prefix }) =>
      (prefix === '/api' ? ['/api/v1', '/api'] : [prefix])
        .filter((at) => !app.http.hasRoute({ method, url: at + path }))
        .map((at) => `${method} ${at}${path}`),
    )
    assert.deepEqual(missing, [])
  })

  it('describes every call in the OpenAPI document', async () => {
    const { status, body } = await request(await testApp(), { method: 'GET', path: '/openapi.json' })
    assert.equal(status, 200)
    assert.equal(body.openapi, '3.1.0')
    const listed = Object.values<Record<string, { operationId: string }>>(body.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    )
    assert.deepEqual(listed.sort(), allRoutes.map(({ id }) => id).sort())
  })

  it('says that it is ready, and what is up', async () => {
    const test = await testApp()
    for (const path of ['/health/live', '/health/ready', '/health'])
      assert.equal((await request(test, { method: 'GET', path })).status, 200, path)
    const { body } = await request(test, { method: 'GET', path: '/api/v1/health' })
    assert.equal(body.service, 'lyceum')
    assert.equal(body.database, 'up')
  })
})

import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { createReaching, reportingFetch } from './reach.ts'

describe('the reach of the server', () => {
  it('is asked for while it is away, ever more slowly, and told when it is back', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      let probes = 0
      let backs = 0
      const { reach, report } = createReaching(
        () => {
          probes += 1
          return Promise.reject(new Error('nobody'))
        },
        () => {
          backs += 1
        },
      )
      report(true)
      assert.equal(reach.get(), 'here')
      report(false)
      report(false)
      assert.equal(reach.get(), 'away')
      const passes = async (ms: number): Promise<number> => {
        mock.timers.tick(ms)
        await Promise.resolve()
        await Promise.resolve()
        return probes
      }
      assert.equal(await passes(2000), 1)
      assert.equal(await passes(2000), 1)
      assert.equal(await passes(2000), 2)
      report(true)
      assert.equal(reach.get(), 'back')
      assert.equal(backs, 1)
      assert.equal(await passes(6000), 2)
      assert.equal(reach.get(), 'here')
      assert.equal(await passes(60_000), 2)
    } finally {
      mock.timers.reset()
    }
  })

  it('is not in doubt when a call was given up, or the server refused it', async () => {
    const seen: boolean[] = []
    const fetching = reportingFetch((isReached) => seen.push(isReached))
    await assert.rejects(fetching('data:,x', { signal: AbortSignal.abort() }))
    assert.deepEqual(seen, [])
    await fetching('data:,x')
    await assert.rejects(fetching('http://127.0.0.1:9'))
    assert.deepEqual(seen, [true, false])
  })
})

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nameOf, resolve } from './shortcut-keys.ts'

const press = (key: string, code: string, held: Partial<Parameters<typeof nameOf>[0]> = {}): string | null =>
  nameOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, ...held })

describe('the name of pressed keys', () => {
  it('is the letter, whatever its case', () => {
    assert.equal(press('n', 'KeyN'), 'n')
    assert.equal(press('N', 'KeyN'), 'n')
  })
  it('is what is printed on the key where that is a Latin letter, and its place where it is not', () => {
    assert.equal(press('z', 'KeyY'), 'z')
    assert.equal(press('ى', 'KeyN'), 'n')
    assert.equal(press('ظ', 'Slash'), '/')
    assert.equal(press('؟', 'Slash'), '?')
  })
  it('tells Ctrl and ⌘ from nothing, and leaves Alt to others', () => {
    assert.equal(press('k', 'KeyK', { ctrlKey: true }), 'mod+k')
    assert.equal(press('k', 'KeyK', { metaKey: true }), 'mod+k')
    assert.equal(press('ن', 'KeyK', { ctrlKey: true }), 'mod+k')
    assert.equal(press('1', 'Digit1', { altKey: true }), null)
  })
  it('is none for keys that have other work', () => {
    for (const key of ['Shift', 'Enter', 'Escape', 'Tab', 'ArrowDown', ' ', 'Dead']) assert.equal(press(key, key), null)
  })
})

describe('a press', () => {
  const shortcuts = [{ keys: 'g h' }, { keys: 'g t' }, { keys: 'h' }, { keys: 'mod+k' }]
  it('runs what it alone means', () => assert.deepEqual(resolve(shortcuts, null, 'h'), { run: { keys: 'h' } }))
  it('waits when there are longer ones', () => assert.deepEqual(resolve(shortcuts, null, 'g'), { wait: 'g' }))
  it('ends what was begun', () => assert.deepEqual(resolve(shortcuts, 'g', 'h'), { run: { keys: 'g h' } }))
  it('begins anew when nothing was meant by both', () => {
    assert.deepEqual(resolve(shortcuts, 'g', 'mod+k'), { run: { keys: 'mod+k' } })
    assert.deepEqual(resolve(shortcuts, 'g', 'g'), { wait: 'g' })
    assert.deepEqual(resolve(shortcuts, 'g', 'x'), {})
  })
})

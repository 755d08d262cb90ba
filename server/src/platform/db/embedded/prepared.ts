/**
 * Statements that the session keeps under names: those of batches are the same few texts again and again, and reading
 * and planning them costs more than running them.
 */
import type { Statement } from '../driver.ts'
import { execute, parse, simpleQuery, statement } from './encode.ts'

/** More than there are in the program; what is beyond is read anew each time. */
const mostNames = 200

export class Prepared {
  readonly #names = new Map<string, string>()
  #given = 0

  /** The message that runs a statement; it teaches the session its name when that is new. */
  message({ text, params }: Statement): Buffer {
    const name = this.#names.get(text)
    if (name) return execute(name, params)
    if (params.length === 0 || this.#given >= mostNames) return statement(text, params)
    this.#given += 1
    const newName = `s${this.#given}`
    this.#names.set(text, newName)
    return Buffer.concat([parse(newName, text), execute(newName, params)])
  }

  /** After a failure it is not known which new names were learnt. @returns the message that empties the session's memory */
  forget(): Buffer {
    this.#names.clear()
    this.#given = 0
    return simpleQuery('deallocate all')
  }
}

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteReader, ByteWriter } from './bytes.ts'
import {
  bucketOf,
  type ChunkTable,
  chunkBytes,
  decodeChunkTable,
  encodeChunkTable,
  encodeRows,
  listsOf,
  readList,
} from './postings.ts'
import { buildSegments } from './segment.ts'
import { TermCollector } from './term-lists.ts'
import { hashTerm } from './terms.ts'

/** A term as a test writes it down. */
interface Term {
  hash: number
  postings: [ordinal: number, frequency: number][]
}

/** The one row of terms that share a bucket. */
const rowOf = (terms: Term[], bits: number): Uint8Array => {
  const collector = new TermCollector()
  for (const { hash, postings } of terms) {
    for (const [ordinal, frequency] of postings) collector.add(hash, ordinal, frequency)
  }
  const [row, ...others] = encodeRows(collector.lists(), bits).values()
  assert.ok(row && others.length === 0)
  return row
}

const decodeRow = (row: Uint8Array, bits: number, bucket: number): Term[] =>
  [...listsOf(row, bits, bucket)].map(([hash, list]) => {
    const { ordinals, frequencies } = readList(list, { first: 0, count: 8_192 })
    assert.equal(ordinals.length, list.chunkCount)
    return { hash, postings: [...ordinals].map((ordinal, at) => [ordinal, frequencies[at] ?? 0]) }
  })

const uint32 = fc.integer({ min: 0, max: 0xffffffff })
const postingsOf = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 8_191 }), fc.integer({ min: 1, max: 65_535 })), {
    selector: ([ordinal]) => ordinal,
    minLength: 1,
    maxLength: 40,
  })
  .map((all) => all.toSorted((a, b) => a[0] - b[0]))

test('a varint is what it was', () => {
  fc.assert(
    fc.property(fc.array(uint32), (values) => {
      const writer = new ByteWriter()
      for (const value of values) writer.varint(value)
      const reader = new ByteReader(writer.take())
      assert.deepEqual(
        values.map(() => reader.varint()),
        values,
      )
      assert.ok(reader.done)
    }),
  )
})

test('a row gives back its terms and postings', () => {
  const terms = fc.uniqueArray(fc.record({ hash: uint32, postings: postingsOf }), {
    selector: ({ hash }) => hash,
    minLength: 1,
    maxLength: 20,
  })
  fc.assert(
    fc.property(terms, fc.integer({ min: 4, max: 14 }), uint32, (raw, bits, salt) => {
      const bucket = bucketOf(salt, bits)
      const inBucket = raw.map(({ hash, postings }) => ({ hash: (((hash >>> bits) << bits) | bucket) >>> 0, postings }))
      const distinct = [...new Map(inBucket.map((term) => [term.hash, term])).values()]
      const sorted = distinct.toSorted((a, b) => a.hash - b.hash)
      assert.deepEqual(decodeRow(rowOf(distinct, bits), bits, bucket), sorted)
    }),
  )
})

test('of a stretch of the segment its postings are read, but those out of scope', () => {
  const masks = fc.uint8Array({ min: 0, max: 1, minLength: 8_192, maxLength: 8_192 })
  const place = fc.integer({ min: 0, max: 8_191 })
  fc.assert(
    fc.property(postingsOf, masks, place, place, (postings, inScope, first, count) => {
      for (const [, list] of listsOf(rowOf([{ hash: 3, postings }], 4), 4, 3)) {
        const { ordinals, frequencies } = readList(list, { first, count, inScope })
        assert.deepEqual(
          [...ordinals].map((ordinal, at) => [ordinal + first, frequencies[at]]),
          postings.filter(([at]) => at >= first && at < first + count && inScope[at - first] === 1),
        )
      }
    }),
  )
})

test('a count beyond two bytes is stored as the most that two bytes hold', () => {
  assert.deepEqual(decodeRow(rowOf([{ hash: 3, postings: [[5, 70_000]] }], 4), 4, 3), [
    { hash: 3, postings: [[5, 65_535]] },
  ])
})

test('a chunk table is what it was, and a piece of it is the table of that stretch', () => {
  const lengths = fc.integer({ min: 0, max: 20_000 })
  const chunks = fc.array(fc.tuple(fc.nat(100_000), lengths, lengths, lengths), { minLength: 1 })
  fc.assert(
    fc.property(chunks, fc.nat(), fc.nat(), (made, a, b) => {
      const table: ChunkTable = {
        ords: Uint32Array.from(made, ([ord]) => ord),
        stems: Uint16Array.from(made, ([, stems]) => stems),
        grams: Uint16Array.from(made, ([, , grams]) => grams),
        bigrams: Uint16Array.from(made, ([, , , bigrams]) => bigrams),
      }
      const bytes = encodeChunkTable(table)
      assert.deepEqual(decodeChunkTable(bytes), table)
      const [first, until] = [a % made.length, (b % made.length) + 1].toSorted((x, y) => x - y)
      const piece = Buffer.concat([
        bytes.subarray(0, 1),
        bytes.subarray(1 + chunkBytes * (first ?? 0), 1 + chunkBytes * (until ?? 0)),
      ])
      assert.deepEqual(decodeChunkTable(piece).ords, table.ords.slice(first, until))
      assert.deepEqual(decodeChunkTable(piece).grams, table.grams.slice(first, until))
    }),
  )
})

test('bytes that are cut short or of another version are refused, never misread', () => {
  const row = rowOf(
    [
      {
        hash: 0x1230,
        postings: [
          [0, 1],
          [7, 300],
        ],
      },
    ],
    4,
  )
  for (let length = 2; length < row.length; length += 1) {
    assert.throws(() => decodeRow(row.slice(0, length), 4, 0), /too early/)
  }
  assert.throws(() => decodeRow(new Uint8Array([9, ...row.slice(1)]), 4, 0), /format 9/)
  assert.throws(() => decodeChunkTable(new Uint8Array([0])), /format 0/)
  assert.throws(() => decodeChunkTable(new Uint8Array([2, 0xff, 0xff, 0x7f])), /too early/)
  assert.throws(() => new ByteReader(new Uint8Array(6).fill(0xff)).varint(), /too long/)
})

test('arbitrary bytes throw or end, but do not hang', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        decodeRow(new Uint8Array([2, ...bytes]), 6, 3)
      } catch (error) {
        assert.ok(error instanceof Error)
      }
    }),
  )
})

/** If one of these changes, stored indexes can no longer be read: raise `formatVersion` and re-index. */
test('the stored format stands', () => {
  assert.equal(hashTerm('stems', 'cell').toString(16), 'd6e976b5')
  assert.equal(hashTerm('grams', '_cel').toString(16), 'bdf854fc')
  assert.equal(hashTerm('bigrams', 'cell wall').toString(16), '52ddc3d')
  const [segment] = buildSegments([
    { ord: 0, text: 'The cell wall. Cells divide.', headingPath: ['Biology'], language: 'en' },
    { ord: 3, text: 'A wall of cells, 2016.', headingPath: [], language: 'en' },
  ])
  assert.ok(segment)
  const rows = [...segment.rows].toSorted(([a], [b]) => a - b)
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  assert.equal(segment.bits, 4)
  assert.equal(hex(segment.chunkTable), '0200000000000600170004000000030005000c0002')
  const written = rows.map(([bucket, bytes]) => `${bucket}:${hex(bytes)}`)
  assert.equal(written[0], '0:02c884a403010103a48dcb0d010103e08cf91902020103f58eaa3102020103')
  assert.equal(
    createHash('sha256').update(written.join()).digest('hex'),
    '52ed8a350d1e435fddbd1239e8d928dd31ae32b953f2ada627beddfa4a02381b',
  )
})

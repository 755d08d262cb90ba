import type { Block } from '../blocks.ts'

const cellText = (blocks: Block[]): string =>
  blocks
    .map((block) => block.text.replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
    .join(' ')

/**
 * A table as lines with ` | ` between cells. A table of one cell, or of one column that holds more than one paragraph
 * in a cell, only frames its text: its blocks stand for themselves.
 */
export const tableBlocks = <Cell>(rows: Cell[][], read: (cell: Cell) => Block[]): Block[] => {
  const cells = rows.map((row) => row.map(read))
  const isFrame =
    cells.every((row) => row.length <= 1) && (cells.length <= 1 || cells.flat().some((cell) => cell.length > 1))
  if (isFrame) return cells.flat(2)
  const lines = cells.map((row) => row.map(cellText)).filter((row) => row.some((text) => text !== ''))
  return [
    {
      kind: 'table',
      text: lines.map((row) => row.join(' | ').trim()).join('\n'),
    },
  ]
}

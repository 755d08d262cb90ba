import { useShortcuts } from '../../lib/shortcuts.tsx'

const rowSelector = '.doc, .talks > li'

const rowsOf = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`#main :is(${rowSelector})`)]

/** The row that the focus is in. */
const currentRow = (): HTMLElement | null => document.activeElement?.closest<HTMLElement>(rowSelector) ?? null

const move = (by: 1 | -1): void => {
  const rows = rowsOf()
  const current = currentRow()
  const at = current ? rows.indexOf(current) + by : by > 0 ? 0 : rows.length - 1
  const row = rows[Math.max(0, Math.min(rows.length - 1, at))]
  if (!row) return
  row.tabIndex = -1
  row.focus()
}

/** Through the rows of a page's lists, and into one. The pages that have lists hold it. */
export const RowKeys = () => {
  useShortcuts([
    { keys: 'j', does: 'next', run: () => move(1) },
    { keys: 'k', does: 'before', run: () => move(-1) },
    { keys: 'e', does: 'open', run: () => currentRow()?.querySelector('a')?.click() },
  ])
  return null
}

import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

const names: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: 'Shift',
  alt: 'Alt',
  esc: 'Esc',
  enter: 'Enter',
}

/** Keys as they are printed: 'mod+k' is ⌘ K or Ctrl K. Their names are the same in every language. */
const printed = (part: string): string =>
  part
    .split('+')
    .map((name) => names[name] ?? name.toUpperCase())
    .join(' ')

/** 'g h' is G then H. */
export const Keys = ({ keys }: { keys: string }) => {
  const { t } = useTranslation()
  const [first = '', ...rest] = keys.split(' ')
  return (
    <span className="keys">
      <kbd>{printed(first)}</kbd>
      {rest.map((part) => (
        <Fragment key={part}>
          <span>{t('shortcuts.then')}</span> <kbd>{printed(part)}</kbd>
        </Fragment>
      ))}
    </span>
  )
}

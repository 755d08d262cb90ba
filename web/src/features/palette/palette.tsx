import { Search } from 'lucide-react'
import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/dialog.tsx'
import { medium } from '../../ui/icon.ts'
import { Keys } from '../../ui/keys.tsx'
import { type Command, type CommandGroup, findCommands } from './commands.ts'

/** Search, jump or do: a field, and under it a list that the arrows go through while the field keeps the focus. */
export const Palette = ({ groups, onClose }: { groups: readonly CommandGroup[]; onClose: () => void }) => {
  const { t } = useTranslation()
  const id = useId()
  const [query, setQuery] = useState('')
  const [place, setPlace] = useState(0)
  const shown = useMemo(() => findCommands(groups, query), [groups, query])
  const commands = shown.flatMap((group) => group.commands)
  const at = Math.min(place, Math.max(0, commands.length - 1))
  const idOf = (command: Command | undefined): string | undefined => command && `${id}-${command.id}`
  const run = (command: Command | undefined): void => {
    if (!command) return
    // First and at once: while it is open nothing else can take the focus, and closing gives it back.
    flushSync(onClose)
    command.run()
  }
  const onKey = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (move && commands.length > 0) {
      event.preventDefault()
      setPlace((at + move + commands.length) % commands.length)
    }
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      run(commands[at])
    }
  }
  return (
    <Dialog className="palette" label={t('palette.label')} onClose={onClose}>
      <div className="palette-ask">
        <Search {...medium} />
        <input
          autoFocus
          role="combobox"
          aria-expanded={commands.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={idOf(commands[at])}
          aria-autocomplete="list"
          aria-label={t('palette.ask')}
          placeholder={t('palette.ask')}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setPlace(0)
          }}
          onKeyDown={onKey}
        />
        <button type="button" className="btn small" onClick={onClose}>
          <span className="sr">{t('action.close')}</span>
          <Keys keys="esc" />
        </button>
      </div>
      <div className="palette-list" role="listbox" id={`${id}-list`} aria-label={t('palette.results')}>
        {shown.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no group of a listbox
          <div key={group.id} role="group" aria-labelledby={`${id}-${group.id}`}>
            <p className="palette-group" id={`${id}-${group.id}`}>
              {group.title}
            </p>
            {group.commands.map((command) => (
              <Option
                key={command.id}
                id={idOf(command)}
                command={command}
                isCurrent={command === commands[at]}
                onPoint={() => setPlace(commands.indexOf(command))}
                onRun={() => run(command)}
              />
            ))}
          </div>
        ))}
      </div>
      {commands.length === 0 && <p className="palette-none">{t('palette.none')}</p>}
      <p className="sr" role="status">
        {t('palette.found', { count: commands.length })}
      </p>
    </Dialog>
  )
}

interface OptionProps {
  id: string | undefined
  command: Command
  isCurrent: boolean
  onPoint: () => void
  onRun: () => void
}

const Option = ({ id, command: { label, icon: Icon, keys }, isCurrent, onPoint, onRun }: OptionProps) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and takes the keys
  // biome-ignore lint/a11y/useFocusableInteractive: the same
  <div
    id={id}
    className="palette-option"
    role="option"
    aria-selected={isCurrent}
    ref={isCurrent ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
    onPointerMove={isCurrent ? undefined : onPoint}
    onClick={onRun}
  >
    <Icon {...medium} />
    <bdi className="name">{label}</bdi>
    {keys && <Keys keys={keys} />}
  </div>
)

import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUploads } from './uploads.tsx'

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

const ChooseContext = createContext<() => void>(() => undefined)

/** Opens the choice of files on any page; only within what a person has just done, as browsers allow no more. */
export const useChooseFiles = (): (() => void) => useContext(ChooseContext)

/** The whole page takes files; `onTaken` lets the app show where they went. */
export const DropAnywhere = ({ children, onTaken }: { children: ReactNode; onTaken: () => void }) => {
  const { t } = useTranslation()
  const { add } = useUploads()
  const [isOver, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const choose = useCallback(() => input.current?.click(), [])
  const take = useCallback(
    (files: FileList | null | undefined): void => {
      if (!files || files.length === 0) return
      add(files)
      onTaken()
    },
    [add, onTaken],
  )
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setOver(false)
      take(event.dataTransfer?.files)
    }
    addEventListener('dragover', over)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
    }
  }, [take])
  return (
    <ChooseContext value={choose}>
      {children}
      {isOver && <div className="drop-veil">{t('uploads.dropHere')}</div>}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          take(target.files)
          target.value = ''
        }}
      />
    </ChooseContext>
  )
}

import { useNavigate } from '@tanstack/react-router'
import type { i18n, TFunction } from 'i18next'
import { Contrast, FileText, Keyboard, Languages, LogOut, MessageCircle, Upload } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useConversations } from '../../features/chat/queries.ts'
import { iconOf } from '../../features/documents/file-kind.ts'
import { isAskable, useDocuments } from '../../features/documents/queries.ts'
import { useSignOut } from '../../features/identity/session.ts'
import type { Command, CommandGroup } from '../../features/palette/commands.ts'
import { Palette } from '../../features/palette/palette.tsx'
import { isLanguage, languages, switchLanguage } from '../../lib/i18n/index.ts'
import { useLetters } from '../../lib/shortcuts.tsx'
import { chooseTheme, themes } from '../../lib/theme.ts'
import { useRemovals } from '../../ui/undo.tsx'
import { places } from './places.ts'
import { useActs } from './use-acts.ts'
import { useWholeList } from './use-whole-list.ts'

/** The palette with all that there is to find and to do. */
export const AppPalette = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const acts = useActCommands()
  const talks = useTalkCommands()
  const pages = useDocumentCommands()
  const navigate = useNavigate()
  const { areOn } = useLetters()
  const groups = useMemo((): CommandGroup[] => {
    const goTo = places.map(({ to, name, icon, keys }) => ({
      id: name,
      label: t(`shell.${name}`),
      icon,
      keys: areOn ? keys : undefined,
      run: () => void navigate({ to }),
    }))
    return [
      { id: 'do', title: t('palette.do'), commands: acts, atFirst: 3 },
      { id: 'pages', title: t('palette.pages'), commands: pages, atFirst: 3 },
      { id: 'talks', title: t('shell.conversations'), commands: talks, atFirst: 3 },
      { id: 'go', title: t('palette.goTo'), commands: goTo, atFirst: 4 },
    ]
  }, [t, acts, talks, pages, navigate, areOn])
  return <Palette groups={groups} onClose={onClose} />
}

const useActCommands = (): Command[] => {
  const { t, i18n } = useTranslation()
  const { ask, add, showShortcuts } = useActs()
  const { areOn } = useLetters()
  const signOut = useSignOut()
  const { fail } = useRemovals()
  const keys = (name: string): string | undefined => (areOn ? name : undefined)
  return [
    { id: 'ask', label: t('shortcuts.ask'), icon: MessageCircle, keys: keys('n'), run: ask },
    { id: 'add', label: t('shortcuts.add'), icon: Upload, keys: keys('u'), run: add },
    { id: 'list', label: t('shortcuts.list'), icon: Keyboard, keys: keys('?'), run: showShortcuts },
    ...themeCommands(t),
    ...languageCommands(t, i18n),
    { id: 'out', label: t('account.signOut'), icon: LogOut, run: () => signOut.mutate(undefined, { onError: fail }) },
  ]
}

const themeCommands = (t: TFunction): Command[] =>
  themes.map((theme) => ({
    id: `theme-${theme}`,
    label: t('palette.theme', { theme: t(`theme.${theme}`) }),
    icon: Contrast,
    run: () => chooseTheme(theme),
  }))

/** Each by its own name too, as who reads none of the page's language looks for that. */
const languageCommands = (t: TFunction, translations: i18n): Command[] =>
  Object.entries(languages).map(([code, { name }]) => ({
    id: `language-${code}`,
    label: t('palette.language', { language: name }),
    also: name,
    icon: Languages,
    run: () => {
      if (isLanguage(code)) void switchLanguage(translations, code)
    },
  }))

const useTalkCommands = (): Command[] => {
  const navigate = useNavigate()
  const { isGone } = useRemovals()
  const { query, conversations } = useConversations()
  useWholeList(query)
  return conversations
    .filter(({ id }) => !isGone(id))
    .map(({ id, title }) => ({
      id,
      label: title,
      icon: MessageCircle,
      run: () => void navigate({ to: '/c/$id', params: { id } }),
    }))
}

const useDocumentCommands = (): Command[] => {
  const navigate = useNavigate()
  const { isGone } = useRemovals()
  const { query, documents } = useDocuments()
  useWholeList(query)
  return documents
    .filter(({ id }) => !isGone(id))
    .map(({ id, title, fileName, mediaType, status }) => ({
      id,
      label: title,
      also: fileName,
      icon: mediaType ? iconOf(mediaType) : FileText,
      run: () =>
        void (isAskable({ status })
          ? navigate({ to: '/documents/$id', params: { id } })
          : navigate({ to: '/documents', search: { q: title } })),
    }))
}

import type { Conversation } from '@lyceum/contract/chat'
import { Link } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { small } from '../../ui/icon.ts'
import { useRemovals } from '../../ui/undo.tsx'
import { useDeleteConversation } from './queries.ts'

export const ConversationList = ({ conversations }: { conversations: readonly Conversation[] }) => {
  const { isGone } = useRemovals()
  return (
    <ul className="talks">
      {conversations
        .filter(({ id }) => !isGone(id))
        .map((conversation) => (
          <ConversationRow key={conversation.id} conversation={conversation} />
        ))}
    </ul>
  )
}

const ConversationRow = ({ conversation: { id, title, lastMessageAt } }: { conversation: Conversation }) => {
  const { t } = useTranslation()
  const format = useFormat()
  const { remove } = useRemovals()
  const deleteConversation = useDeleteConversation()
  const label = t('conversations.delete', { title })
  const onDelete = (): void =>
    remove({ id, text: t('conversations.deleted', { title }), commit: () => deleteConversation(id) })
  return (
    <li>
      <Link to="/c/$id" params={{ id }}>
        <bdi className="name">{title}</bdi>
      </Link>
      <bdi className="when">{format.day(lastMessageAt)}</bdi>
      <button type="button" className="btn icon small" aria-label={label} title={label} onClick={onDelete}>
        <Trash2 {...small} />
      </button>
    </li>
  )
}

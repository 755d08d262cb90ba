import { House, Library, type LucideIcon, MessageCircle, UserRound } from 'lucide-react'

interface Place {
  to: '/' | '/conversations' | '/documents' | '/account'
  name: 'home' | 'conversations' | 'documents' | 'account'
  icon: LucideIcon
  keys: string
}

export const places: readonly Place[] = [
  { to: '/', name: 'home', icon: House, keys: 'g h' },
  { to: '/conversations', name: 'conversations', icon: MessageCircle, keys: 'g t' },
  { to: '/documents', name: 'documents', icon: Library, keys: 'g l' },
  { to: '/account', name: 'account', icon: UserRound, keys: 'g a' },
]

/** A conversation belongs to the list of conversations, a document to that of documents. */
export const isPlace = (place: Place, path: string): boolean =>
  path === place.to ||
  (place.name === 'conversations' && path.startsWith('/c/')) ||
  (place.name === 'documents' && path.startsWith('/documents/'))

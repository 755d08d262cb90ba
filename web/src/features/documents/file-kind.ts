import { Book, FileAudio, FileText, Image, type LucideIcon, Presentation } from 'lucide-react'

type Kind = 'pdf' | 'word' | 'slides' | 'ebook' | 'web' | 'text' | 'image' | 'audio' | 'file'

const kinds: [pattern: RegExp, kind: Kind][] = [
  [/pdf/, 'pdf'],
  [/presentation/, 'slides'],
  [/wordprocessing|opendocument\.text|msword/, 'word'],
  [/epub/, 'ebook'],
  [/html/, 'web'],
  [/^text\//, 'text'],
  [/^image\//, 'image'],
  [/^audio\//, 'audio'],
]

/** What a person calls a file of this type. */
export const kindOf = (mediaType: string): Kind => kinds.find(([pattern]) => pattern.test(mediaType))?.[1] ?? 'file'

const icons: Partial<Record<Kind, LucideIcon>> = { slides: Presentation, ebook: Book, image: Image, audio: FileAudio }
export const iconOf = (mediaType: string): LucideIcon => icons[kindOf(mediaType)] ?? FileText

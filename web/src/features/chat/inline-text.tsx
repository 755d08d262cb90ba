import { Fragment } from 'react'

/** `code` and **strong**, as models write them; nothing else is read, and nothing becomes markup that is not here. */
const pattern = /(`[^`\n]+`|\*\*[^*\n]+\*\*)/

export const InlineText = ({ text }: { text: string }) =>
  text.split(pattern).map((part, index) => {
    // A part is its place in the text.
    const key = index
    if (index % 2 === 0) return <Fragment key={key}>{part}</Fragment>
    if (part.startsWith('`')) return <code key={key}>{part.slice(1, -1)}</code>
    return <strong key={key}>{part.slice(2, -2)}</strong>
  })

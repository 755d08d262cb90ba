import { common, createLowlight } from 'lowlight'
import { Fragment, type ReactNode } from 'react'

const lowlight = createLowlight(common)

/** More would keep the page busy; it is shown without the parts told apart. */
const longestCode = 20_000

type Node = ReturnType<typeof lowlight.highlight>['children'][number]

/** Code with its parts told apart, in elements that are made here. */
export const CodeText = ({ language, text }: { language: string; text: string }) => {
  const isKnown = lowlight.registered(language) && text.length <= longestCode
  return <code>{isKnown ? lowlight.highlight(language, text).children.map(render) : text}</code>
}

const render = (node: Node, key: number): ReactNode => {
  if (node.type === 'text') return <Fragment key={key}>{node.value}</Fragment>
  if (node.type !== 'element') return null
  const { className } = node.properties
  return (
    <span key={key} className={Array.isArray(className) ? className.join(' ') : undefined}>
      {node.children.map(render)}
    </span>
  )
}

/** A message as RFC 5322 text: plain and HTML side by side, both in base64 so that no line is too long for any server. */
import type { Message } from './index.ts'

export interface Envelope extends Message {
  from: string
  date: Date
  /** Unlike that of any other message. */
  id: string
}

export const composeMessage = ({ from, to, subject, text, html, date, id }: Envelope): string => {
  const boundary = `lyceum-${id}`
  const lines = [
    `From: ${fromHeader(from)}`,
    `To: ${oneLine(to)}`,
    `Subject: ${encodeWords(oneLine(subject))}`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@${domainOf(from)}>`,
    'MIME-Version: 1.0',
    // No out-of-office reply comes back to a program (RFC 3834).
    'Auto-Submitted: auto-generated',
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    '',
    ...partOf(boundary, 'text/plain', text),
    ...partOf(boundary, 'text/html', html),
    `--${boundary}--`,
    '',
  ]
  return lines.join('\r\n')
}

const partOf = (boundary: string, type: string, content: string): string[] => [
  `--${boundary}`,
  `Content-Type: ${type}; charset=utf-8`,
  'Content-Transfer-Encoding: base64',
  '',
  ...(Buffer.from(content)
    .toString('base64')
    .match(/.{1,76}/g) ?? []),
]

/** A line break in a value would begin another header. */
const oneLine = (value: string): string => value.replace(/[\r\n]+/g, ' ')

const fromHeader = (from: string): string => {
  const named = /^(.*?)\s*<([^>]*)>$/.exec(oneLine(from))
  if (!named) return oneLine(from)
  const [, name = '', address = ''] = named
  return `${encodeWords(name)} <${address}>`
}

const domainOf = (from: string): string => /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost'

/** Text outside ASCII as encoded words (RFC 2047), each of whole characters. */
const encodeWords = (text: string): string => {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const words: string[] = []
  let word = ''
  for (const char of text) {
    if (Buffer.byteLength(word + char) > wordBytes) {
      words.push(word)
      word = ''
    }
    word += char
  }
  return [...words, word].map((part) => `=?utf-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ')
}
/** A line with encoded words has 76 characters: less `Subject: `, `=?utf-8?B?` and `?=`, of which base64 makes three bytes of four. */
const wordBytes = 39

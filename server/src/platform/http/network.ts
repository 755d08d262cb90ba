/** Where a call comes from, for counting. */
import { isIP, isIPv6 } from 'node:net'

/** One subscriber: an IPv4 address, or the first 64 bits of an IPv6 one, of which everybody has 2^64 (RFC 4291). */
export const networkOf = (address: string): string => {
  const [plain = ''] = address.split('%')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)
  if (mapped?.[1]) return mapped[1]
  // What is no address came by a header: all such share one.
  if (!isIP(plain)) return 'unknown'
  if (!isIPv6(plain)) return plain
  const [head = '', tail = ''] = plain.split('::')
  const [left, right] = [groupsOf(head), groupsOf(tail)]
  const zeros = plain.includes('::') ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0') : []
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}

const groupsOf = (text: string): string[] =>
  text.split(':').flatMap((group) => (group === '' ? [] : [Number.parseInt(group, 16).toString(16)]))

/** Mail by the server that the settings name. */
import { createTransport } from 'nodemailer'
import type { Send } from './index.ts'
import { mailOptionsOf } from './mail-options.ts'

/** Nobody waits for it, but an end there must be. */
const patience = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000 }

/** @param url `smtp://user:password@host:port`, or `smtps:` for TLS from the first byte; else TLS where the server has it */
export const openSmtp = ({ url, from }: { url: string; from: string }): Send => {
  const transport = createTransport({ url, ...patience })
  return async (message) => void (await transport.sendMail(mailOptionsOf(message, from)))
}

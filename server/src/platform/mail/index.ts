/** Mail as a port: rules post a message and go on; it is made and sent when the answer is out. */
import type { MailChoice } from '../config/index.ts'
import type { Logger } from '../telemetry/log.ts'

export interface Message {
  to: string
  subject: string
  text: string
  html: string
}

/** Resolves when the message is out of our hands: taken by the server, or synced to disk. */
export type Send = (message: Message) => Promise<void>

export interface Mailer {
  /**
   * Makes a message and sends it, later than the caller goes on. Null sends none. It never throws: what fails is logged,
   * as the person asks for another message when none arrives.
   */
  post(make: () => Promise<Message | null>): void
  /** Resolves when all that was posted is sent or has failed. */
  close(): Promise<void>
}

export const openMailer = async (choice: MailChoice, log: Logger): Promise<Mailer> =>
  createMailer(await openDriver(choice, log), log)

/** Each is loaded when it is chosen. */
const openDriver = async (choice: MailChoice, log: Logger): Promise<Send> => {
  if (choice.kind === 'outbox') return (await import('./outbox.ts')).openOutbox({ ...choice, log })
  return (await import('./smtp.ts')).openSmtp(choice)
}

const createMailer = (send: Send, log: Logger): Mailer => {
  const underWay = new Set<Promise<void>>()
  const deliver = async (make: () => Promise<Message | null>): Promise<void> => {
    try {
      const message = await make()
      if (message) await send(message)
    } catch (error) {
      log.error({ err: error }, 'mail could not be sent')
    }
  }
  return {
    post: (make) => {
      const delivery = deliver(make).finally(() => underWay.delete(delivery))
      underWay.add(delivery)
    },
    close: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

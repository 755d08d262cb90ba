/** A message as nodemailer takes it. */
import type { SendMailOptions } from 'nodemailer'
import type { Message } from './index.ts'

/** No file or address is read, whatever a value says. What is not ASCII goes as base64. */
export const mailOptionsOf = (message: Message, from: string): SendMailOptions => ({
  ...message,
  from,
  // No out-of-office reply comes back to a program (RFC 3834).
  headers: { 'Auto-Submitted': 'auto-generated' },
  textEncoding: 'base64',
  disableFileAccess: true,
  disableUrlAccess: true,
})

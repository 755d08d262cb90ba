/** The names and payloads of this module's jobs, apart from their work: whoever adds one needs no more. */
import { z } from 'zod'

const OfDocument = z.object({ documentId: z.uuid() })
export type OfDocument = z.infer<typeof OfDocument>

export const readKind = { kind: 'document.read', payload: OfDocument } as const
/** Gives a document's chunks their vectors. */
export const embedKind = { kind: 'knowledge.embed', payload: OfDocument } as const
/** The files are named when the document is deleted: once its rows are gone nothing else remembers them. */
const Erasure = OfDocument.extend({ fileIds: z.array(z.uuid()), audienceId: z.uuid() })
export type Erasure = z.infer<typeof Erasure>
export const eraseKind = { kind: 'document.erase', payload: Erasure } as const

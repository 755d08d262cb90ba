/** Knowledge: the documents that a person may ask, from the upload to the passage. */
import { createMergeKind } from '#modules/retrieval'
import type { Mount } from '#platform/http/mount.ts'
import { createEmbedKind } from './embedding.ts'
import { createEraseKind } from './erase.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { createReadKind } from './read.ts'
import { knowledgeHttp } from './routes.ts'

export { sweepEmbeddings } from './embedding.ts'
export { type FoundPassage, readPageTexts } from './passages.ts'
export { checkDocuments, type FoundPassages, findPassages, type PassageScope, type SearchNeeds } from './search.ts'
export { sweepFiles, sweepReadings } from './sweep.ts'

/** Mounts the calls and defines the jobs. */
export const mountKnowledge = (mount: Mount, needs: KnowledgeNeeds): void => {
  knowledgeHttp(mount, needs)
  needs.jobs.define(createReadKind(needs))
  needs.jobs.define(createEraseKind(needs))
  needs.jobs.define(createEmbedKind(needs))
  needs.jobs.define(createMergeKind(needs))
}

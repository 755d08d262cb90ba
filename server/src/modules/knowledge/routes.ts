import { documentsRoutes, searchRoutes } from '@lyceum/contract/documents'
import type { Mount } from '#platform/http/mount.ts'
import {
  deleteDocument,
  getDocument,
  getPage,
  listDocuments,
  listPages,
  listVersions,
  openOriginal,
  reindexDocument,
} from './documents.ts'
import type { KnowledgeNeeds } from './needs.ts'
import { search } from './search.ts'
import { uploadDocument } from './upload.ts'

export const knowledgeHttp = (mount: Mount, needs: KnowledgeNeeds): void => {
  const { db } = needs
  mount(documentsRoutes.upload, ({ actor, body, upload }) =>
    uploadDocument(needs, actor, { file: upload, target: body }),
  )
  mount(documentsRoutes.list, ({ actor, query }) => listDocuments(db, actor, query))
  mount(documentsRoutes.get, ({ actor, params }) => getDocument(db, actor, params.id))
  mount(documentsRoutes.page, ({ actor, params, query }) => getPage(db, actor, { ...params, ...query }))
  mount(documentsRoutes.content, ({ actor, params, query }) => listPages(db, actor, params.id, query))
  mount(documentsRoutes.versions, ({ actor, params, query }) => listVersions(db, actor, params.id, query))
  mount(documentsRoutes.file, ({ actor, params }) => openOriginal(needs, actor, params.id))
  mount(documentsRoutes.reindex, ({ actor, params }) => reindexDocument(needs, actor, params.id))
  mount(documentsRoutes.remove, ({ actor, params, query }) => deleteDocument(needs, actor, { ...params, ...query }))
  mount(searchRoutes.search, ({ actor, body }) => search(needs, actor, body))
}
